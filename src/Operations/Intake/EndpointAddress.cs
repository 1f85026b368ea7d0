using Operations.Broker;

namespace Operations.Intake;

/// <summary>An endpoint as a message names it.</summary>
internal sealed record EndpointAddress(string Name, string Host, Guid HostId)
{
    /// <summary>Who sent the message; null where it does not say.</summary>
    public static EndpointAddress? Sender(IReadOnlyDictionary<string, string> headers)
    {
        var name = headers.GetValueOrDefault(HeaderNames.OriginatingEndpoint, "");
        var host = headers.GetValueOrDefault(HeaderNames.OriginatingMachine, "");
        var hostId = Id(headers, HeaderNames.OriginatingHostId);
        if (name.Length > 0 && host.Length > 0)
            return new EndpointAddress(name, host, hostId);
        return headers.TryGetValue(HeaderNames.OriginatingAddress, out var address)
            ? new EndpointAddress(MessageIdentity.QueueOf(address)!, MachineOf(address) ?? "", hostId)
            : null;
    }

    /// <summary>Who could not handle it; made of the queue where the message names no endpoint.</summary>
    public static EndpointAddress? Receiver(IReadOnlyDictionary<string, string> headers)
    {
        var name = headers.GetValueOrDefault(HeaderNames.ProcessingEndpoint, "");
        var host = headers.GetValueOrDefault(HeaderNames.HostDisplayName)
            ?? headers.GetValueOrDefault(HeaderNames.ProcessingMachine, "");
        var hostId = Id(headers, HeaderNames.HostId);
        if (name.Length > 0 && host.Length > 0)
            return new EndpointAddress(name, host, hostId);
        if (!headers.TryGetValue(HeaderNames.FailedQueue, out var address))
            return null;
        name = name.Length > 0 ? name : MessageIdentity.QueueOf(address)!;
        host = host.Length > 0 ? host : MachineOf(address) ?? "unknown";
        return new EndpointAddress(name, host, hostId == Guid.Empty ? MessageIdentity.Of(name, host) : hostId);
    }

    private static string? MachineOf(string address) => address.Split('@', 2) is [_, var machine] ? machine : null;

    private static Guid Id(IReadOnlyDictionary<string, string> headers, string name) =>
        Guid.TryParse(headers.GetValueOrDefault(name), out var id) ? id : Guid.Empty;
}
