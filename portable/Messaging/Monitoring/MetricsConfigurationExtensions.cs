using Portable.Messaging.Monitoring;

namespace Portable.Messaging;

/// <summary>What an endpoint measures; see <see cref="MetricsConfigurationExtensions.EnableMetrics"/>.</summary>
public class MetricsOptions
{
    internal MetricsSettings? Settings { get; set; }
}

/// <summary>Measures of an endpoint.</summary>
public static class MetricsConfigurationExtensions
{
    /// <summary>Measures how the endpoint handles messages.</summary>
    public static MetricsOptions EnableMetrics(this EndpointConfiguration endpointConfiguration)
    {
        ArgumentNullException.ThrowIfNull(endpointConfiguration);
        return endpointConfiguration.Metrics ??= new MetricsOptions();
    }

    /// <summary>Reports processing time, critical time and retries to ServiceControl's monitoring.</summary>
    /// <param name="serviceControlMetricsAddress">Its input queue.</param>
    /// <param name="interval">Time between reports.</param>
    /// <param name="instanceId">Names this instance; by default its host does.</param>
    public static void SendMetricDataToServiceControl(
        this MetricsOptions options,
        string serviceControlMetricsAddress,
        TimeSpan interval,
        string? instanceId = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(serviceControlMetricsAddress);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        options.Settings = new MetricsSettings(serviceControlMetricsAddress, interval, instanceId);
    }
}
