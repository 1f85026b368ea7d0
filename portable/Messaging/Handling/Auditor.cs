using Portable.Messaging.Transport;

namespace Portable.Messaging.Handling;

/// <summary>Copies handled messages to the audit queue.</summary>
internal sealed class Auditor(string queue, string endpoint, HostIdentity host)
{
    /// <summary>The copy: the message as it came, with who handled it and when.</summary>
    public OutgoingOperation Copy(Delivery delivery, IncomingMessage incoming, DateTimeOffset started)
    {
        var headers = WireProperties.HeadersOf(delivery.Properties);
        headers.TryAdd(Headers.MessageId, incoming.MessageId);
        headers[Headers.ProcessingStarted] = DateTimeOffsetHelper.ToWireFormattedString(started);
        headers[Headers.ProcessingEnded] = DateTimeOffsetHelper.ToWireFormattedString(DateTimeOffset.UtcNow);
        headers[Headers.ProcessingEndpoint] = endpoint;
        headers[Headers.ProcessingMachine] = host.Machine;
        headers[Headers.HostId] = host.Id;
        headers[Headers.HostDisplayName] = host.DisplayName;
        RetryAcknowledgement.Mark(headers);
        return new OutgoingOperation(incoming.MessageId, headers, delivery.Body) { Destination = queue };
    }
}
