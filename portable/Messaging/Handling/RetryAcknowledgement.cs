using Portable.Messaging.Transport;

namespace Portable.Messaging.Handling;

/// <summary>Tells whoever returned a failed message to its queue that it has now been handled: a control message with no
/// body, sent with what the handlers sent.</summary>
internal static class RetryAcknowledgement
{
    private const string UniqueMessageId = "ServiceControl.Retry.UniqueMessageId";
    private const string AcknowledgementQueue = "ServiceControl.Retry.AcknowledgementQueue";
    private const string Successful = "ServiceControl.Retry.Successful";
    private const string Sent = "ServiceControl.Retry.AcknowledgementSent";

    /// <summary>The acknowledgement that the message asks for; null where it was not returned to its queue.</summary>
    public static OutgoingOperation? For(IReadOnlyDictionary<string, string> headers)
    {
        if (!headers.TryGetValue(UniqueMessageId, out var id)
            || !headers.TryGetValue(AcknowledgementQueue, out var queue))
        {
            return null;
        }

        var acknowledgement = new Dictionary<string, string>
        {
            [Successful] = DateTimeOffsetHelper.ToWireFormattedString(DateTimeOffset.UtcNow),
            [UniqueMessageId] = id,
            [Headers.ControlMessageHeader] = bool.TrueString,
        };
        return new OutgoingOperation(Guid.CreateVersion7().ToString(), acknowledgement, default) { Destination = queue };
    }

    /// <summary>Notes on the audit copy of an acknowledged message that it was.</summary>
    public static void Mark(Dictionary<string, string> auditHeaders)
    {
        if (auditHeaders.ContainsKey(UniqueMessageId) && auditHeaders.ContainsKey(AcknowledgementQueue))
        {
            auditHeaders[Sent] = "true";
        }
    }
}
