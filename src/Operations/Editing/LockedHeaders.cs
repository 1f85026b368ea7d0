namespace Operations.Editing;

/// <summary>
/// Headers that an operator cannot change, and those to be changed with care; the lists are ServiceControl's.
/// </summary>
internal static class LockedHeaders
{
    public static IReadOnlyList<string> Locked { get; } =
    [
        "NServiceBus.MessageId", "NServiceBus.SagaId", "NServiceBus.CorrelationId", "NServiceBus.ControlMessage",
        "NServiceBus.OriginatingSagaId", "NServiceBus.RelatedTo", "NServiceBus.ConversationId",
        "NServiceBus.MessageIntent", "NServiceBus.Version", "NServiceBus.IsSagaTimeoutMessage",
        "NServiceBus.IsDeferredMessage", "NServiceBus.Retries", "NServiceBus.Retries.Timestamp",
        "NServiceBus.FLRetries", "NServiceBus.ProcessingStarted", "NServiceBus.ProcessingEnded",
        "NServiceBus.ExceptionInfo.ExceptionType", "NServiceBus.ExceptionInfo.HelpLink",
        "NServiceBus.ExceptionInfo.Message", "NServiceBus.ExceptionInfo.Source",
        "NServiceBus.ExceptionInfo.StackTrace", "NServiceBus.TimeOfFailure", "NServiceBus.FailedQ",
    ];

    public static IReadOnlyList<string> Sensitive { get; } =
    [
        "NServiceBus.Header.RouteTo", "NServiceBus.DestinationSites", "NServiceBus.OriginatingSite", "NServiceBus.To",
        "NServiceBus.ReplyToAddress", "NServiceBus.ReturnMessage.ErrorCode", "NServiceBus.SagaType",
        "NServiceBus.OriginatingSagaType", "NServiceBus.TimeSent", "Header",
    ];

    /// <summary>True where a locked header that the message has is missing or different.</summary>
    public static bool Changed(
        IReadOnlyDictionary<string, string> original, IReadOnlyDictionary<string, string> edited) =>
        Locked.Any(header => original.GetValueOrDefault(header) is { Length: > 0 } before
            && before != edited.GetValueOrDefault(header));
}
