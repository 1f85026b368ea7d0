using Portable.Messaging.SagaAudit;
using Portable.Messaging.Transport;

namespace Portable.Messaging.Handling;

/// <summary>Copies handled messages to the audit queue. The copy is an outgoing message like those of the handlers: it
/// commits with them.</summary>
internal sealed class Auditor(string queue, TimeSpan? timeToLive, string endpoint, HostIdentity host)
{
    /// <summary>The copy: the message as it came, with who handled it and when, and which sagas it reached.</summary>
    public OutgoingOperation Copy(IncomingMessage incoming, DateTimeOffset started, SagaTrail? sagas)
    {
        var headers = new Dictionary<string, string>(incoming.Headers)
        {
            [Headers.ProcessingStarted] = DateTimeOffsetHelper.ToWireFormattedString(started),
            [Headers.ProcessingEnded] = DateTimeOffsetHelper.ToWireFormattedString(DateTimeOffset.UtcNow),
            [Headers.ProcessingEndpoint] = endpoint,
            [Headers.ProcessingMachine] = host.Machine,
            [Headers.HostId] = host.Id,
            [Headers.HostDisplayName] = host.DisplayName,
        };
        sagas?.Mark(headers);
        if (RetryAcknowledgement.IsDue(headers))
        {
            headers[RetryAcknowledgement.SentHeader] = "true";
        }

        return new OutgoingOperation(incoming.MessageId, headers, incoming.OriginalBody)
        {
            Destination = queue,
            TimeToLive = timeToLive,
        };
    }
}
