namespace Portable.Messaging.Heartbeats;

/// <summary>
/// The endpoint has started; <c>ServiceControl.Plugin.Heartbeat.Messages.RegisterEndpointStartup</c>.
/// </summary>
internal sealed record RegisterEndpointStartup(
    Guid HostId,
    string Endpoint,
    DateTime StartedAt,
    IReadOnlyDictionary<string, string> HostProperties,
    string HostDisplayName,
    string Host);

/// <summary>The endpoint is alive; <c>ServiceControl.Plugin.Heartbeat.Messages.EndpointHeartbeat</c>.</summary>
internal sealed record EndpointHeartbeat(DateTime ExecutedAt, string EndpointName, Guid HostId, string Host);
