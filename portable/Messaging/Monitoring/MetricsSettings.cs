namespace Portable.Messaging.Monitoring;

/// <summary>Where reports go, how often, and what the instance is called.</summary>
internal sealed record MetricsSettings(string Queue, TimeSpan Interval, string? InstanceId);
