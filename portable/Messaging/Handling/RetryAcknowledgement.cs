using System.Diagnostics.CodeAnalysis;
using Portable.Messaging.Transport;

namespace Portable.Messaging.Handling;

/// <summary>Tells ServiceControl that a message it has sent again was handled, so that it is no longer counted as
/// failed.</summary>
internal static class RetryAcknowledgement
{
    /// <summary>On the audited copy: ServiceControl knows already.</summary>
    public const string SentHeader = "ServiceControl.Retry.AcknowledgementSent";

    private const string IdHeader = "ServiceControl.Retry.UniqueMessageId";
    private const string QueueHeader = "ServiceControl.Retry.AcknowledgementQueue";
    private const string SuccessHeader = "ServiceControl.Retry.Successful";

    /// <summary>True when ServiceControl waits to hear of this message.</summary>
    public static bool IsDue(Dictionary<string, string> headers) =>
        headers.ContainsKey(IdHeader) && headers.ContainsKey(QueueHeader);

    /// <summary>The acknowledgement, if one is due: a message of headers alone.</summary>
    public static bool TryMake(
        Dictionary<string, string> headers, [NotNullWhen(true)] out OutgoingOperation? acknowledgement)
    {
        acknowledgement = null;
        if (!headers.TryGetValue(IdHeader, out var id) || !headers.TryGetValue(QueueHeader, out var queue))
        {
            return false;
        }

        acknowledgement = new OutgoingOperation(
            Guid.CreateVersion7().ToString(),
            new Dictionary<string, string>
            {
                [SuccessHeader] = DateTimeOffsetHelper.ToWireFormattedString(DateTimeOffset.UtcNow),
                [IdHeader] = id,
                [Headers.ControlMessageHeader] = bool.TrueString,
            },
            ReadOnlyMemory<byte>.Empty)
        {
            Destination = queue,
        };
        return true;
    }
}
