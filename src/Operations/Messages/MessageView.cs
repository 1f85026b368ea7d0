using Operations.FailedMessages;

namespace Operations.Messages;

/// <summary>A message, handled or failed, as the message page and the list of all messages show it.</summary>
internal sealed record MessageView(
    Guid Id,
    string? MessageId,
    string? MessageType,
    EndpointView? SendingEndpoint,
    EndpointView? ReceivingEndpoint,
    DateTime? TimeSent,
    DateTime ProcessedAt,
    TimeSpan CriticalTime,
    TimeSpan ProcessingTime,
    TimeSpan DeliveryTime,
    bool IsSystemMessage,
    string? ConversationId,
    IReadOnlyList<HeaderView> Headers,
    MessageStatus Status,
    string MessageIntent,
    string BodyUrl,
    int BodySize,
    string InstanceId)
{
    /// <summary>The sagas that handled it; null where none did.</summary>
    public IReadOnlyList<SagaInfo>? InvokedSagas { get; init; }

    /// <summary>The saga that sent it; null where none did.</summary>
    public SagaInfo? OriginatesFromSaga { get; init; }
}

internal sealed record HeaderView(string Key, string Value);

/// <summary>A saga that a message has to do with.</summary>
/// <param name="ChangeStatus">New, Updated or Completed; null where the endpoint does not say.</param>
internal sealed record SagaInfo(string? ChangeStatus, string SagaType, Guid SagaId);

/// <summary>What became of a message, in the words of the list of all messages.</summary>
internal enum MessageStatus
{
    Failed = 1,
    RepeatedFailure = 2,
    Successful = 3,
    ResolvedSuccessfully = 4,
    ArchivedFailure = 5,
    RetryIssued = 6,
}
