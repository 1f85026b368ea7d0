using Portable.Messaging.Heartbeats;

namespace Portable.Messaging;

/// <summary>Signs of life for ServiceControl.</summary>
public static class HeartbeatConfigurationExtensions
{
    /// <summary>Registers the endpoint with ServiceControl at start and sends it a heartbeat from then on.</summary>
    /// <param name="serviceControlQueue">ServiceControl's input queue.</param>
    /// <param name="frequency">Time between heartbeats (10 seconds by default).</param>
    /// <param name="timeToLive">A heartbeat that waits longer is dropped by the broker (4 times
    /// <paramref name="frequency"/> by default).</param>
    public static void SendHeartbeatTo(
        this EndpointConfiguration config,
        string serviceControlQueue,
        TimeSpan? frequency = null,
        TimeSpan? timeToLive = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentException.ThrowIfNullOrWhiteSpace(serviceControlQueue);
        ArgumentOutOfRangeException.ThrowIfLessThan(frequency ?? TimeSpan.Zero, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(timeToLive ?? TimeSpan.Zero, TimeSpan.Zero);
        var interval = frequency ?? TimeSpan.FromSeconds(10);
        config.Heartbeats = new HeartbeatSettings(serviceControlQueue, interval, timeToLive ?? interval * 4);
    }
}
