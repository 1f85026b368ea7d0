using System.Text.Json;
using Operations.Broker;

namespace Operations.Monitoring;

/// <summary>
/// What endpoints report to ServiceControl's monitoring: where they listen and how they handle messages.
/// </summary>
internal sealed class MonitoringQueue(
    BrokerAddress broker, OperationsSettings settings, MonitoredEndpoints endpoints, ILogger<MonitoringQueue> logger)
    : ReportQueue(broker, settings.MonitoringQueue, settings, logger)
{
    private const string MetricType = "NServiceBus.Metric.Type";
    private const string Metadata = "NServiceBus.Metrics.EndpointMetadataReport";

    protected override Task Take(Delivery report, CancellationToken cancellationToken)
    {
        if (report.Headers.GetValueOrDefault(HeaderNames.OriginatingEndpoint) is { Length: > 0 } name)
            endpoints.Change(name, endpoint => Take(report, endpoint));
        return Task.CompletedTask;
    }

    private static void Take(Delivery message, MonitoredEndpoint endpoint)
    {
        var headers = message.Headers;
        var id = headers.GetValueOrDefault(HeaderNames.InstanceId)
            ?? headers.GetValueOrDefault(HeaderNames.OriginatingHostId) ?? "";
        var instance = headers.ContainsKey(HeaderNames.InstanceId)
            ? id
            : headers.GetValueOrDefault(HeaderNames.HostDisplayName) ?? id;
        endpoint.Heard(new MonitoredInstance(id, instance, DateTime.UtcNow));
        if (TypeOf(message) == Metadata)
        {
            endpoint.Queue = JsonSerializer.Deserialize<EndpointMetadataReport>(message.Body)?.LocalAddress;
            return;
        }

        Measure? measure = headers.GetValueOrDefault(MetricType) switch
        {
            "ProcessingTime" => Measure.ProcessingTime,
            "CriticalTime" => Measure.CriticalTime,
            "Retries" => Measure.Retries,
            _ => null,
        };
        if (measure is { } known && headers.GetValueOrDefault(HeaderNames.ContentType) == MetricReport.ContentType)
        {
            foreach (var entry in MetricReport.Read(message.Body))
                endpoint.Add(known, id, entry.Type, entry.Ticks, entry.Value);
        }
    }

    private sealed record EndpointMetadataReport(string? LocalAddress);
}
