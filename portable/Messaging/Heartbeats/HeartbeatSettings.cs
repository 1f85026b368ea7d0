namespace Portable.Messaging.Heartbeats;

/// <summary>Where heartbeats go, how often, and how long each is of use.</summary>
internal sealed record HeartbeatSettings(string Queue, TimeSpan Frequency, TimeSpan TimeToLive);
