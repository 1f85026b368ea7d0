using System.Text.Json;
using Operations.Broker;

namespace Operations.Monitoring;

/// <summary>
/// What endpoints report to ServiceControl's monitoring: where they listen and how they handle messages.
/// </summary>
internal sealed partial class MonitoringQueue(
    BrokerAddress broker, OperationsSettings settings, MonitoredEndpoints endpoints, ILogger<MonitoringQueue> logger)
    : Inbox(broker, settings.MonitoringQueue, logger)
{
    private const string MetricType = "NServiceBus.Metric.Type";
    private const string Metadata = "NServiceBus.Metrics.EndpointMetadataReport";

    protected override Task Take(IReadOnlyList<InboxMessage> batch, CancellationToken cancellationToken)
    {
        foreach (var message in batch)
        {
            try
            {
                if (message.Headers.GetValueOrDefault(HeaderNames.OriginatingEndpoint) is { Length: > 0 } name)
                    endpoints.Change(name, endpoint => Take(message, endpoint));
            }
            catch (Exception exception) when (exception is InvalidDataException or JsonException)
            {
                NotRead(logger, exception.Message);
            }
        }

        return Task.CompletedTask;
    }

    private static void Take(InboxMessage message, MonitoredEndpoint endpoint)
    {
        var headers = message.Headers;
        var id = headers.GetValueOrDefault(HeaderNames.InstanceId)
            ?? headers.GetValueOrDefault(HeaderNames.OriginatingHostId) ?? "";
        var instance = headers.ContainsKey(HeaderNames.InstanceId)
            ? id
            : headers.GetValueOrDefault(HeaderNames.HostDisplayName) ?? id;
        endpoint.Heard(new MonitoredInstance(id, instance, DateTime.UtcNow));
        if (headers.GetValueOrDefault(HeaderNames.EnclosedMessageTypes)?.StartsWith(Metadata, StringComparison.Ordinal)
            == true)
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "A metric report cannot be read: {Reason}")]
    private static partial void NotRead(ILogger logger, string reason);
}
