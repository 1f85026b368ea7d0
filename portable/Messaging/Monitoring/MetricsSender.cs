using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Portable.Messaging.Messages;
using Portable.Messaging.Transport;

namespace Portable.Messaging.Monitoring;

/// <summary>
/// Reports to ServiceControl's monitoring how the endpoint handles messages, from what its meter measures. That nobody
/// reads the reports hinders nothing: they expire.
/// </summary>
internal sealed class MetricsSender : IAsyncDisposable
{
    private const string Meter = "NServiceBus.Core.Pipeline.Incoming";
    private const string QueueTag = "nservicebus.queue";
    private const string TypeTag = "nservicebus.message_type";

    private static readonly TimeSpan TimeToLive = TimeSpan.FromMinutes(1);

    private readonly MetricsSettings settings;
    private readonly string endpoint;
    private readonly HostIdentity host;
    private readonly Publisher publisher;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly MeterListener listener = new();
    private readonly Measurements processing = new();
    private readonly Measurements critical = new();
    private readonly Measurements retries = new();
    private Task sending = Task.CompletedTask;

    public MetricsSender(
        MetricsSettings settings, string endpoint, HostIdentity host, Publisher publisher, ILogger logger)
    {
        (this.settings, this.endpoint, this.host, this.publisher, this.logger) =
            (settings, endpoint, host, publisher, logger);
        listener.InstrumentPublished = (instrument, measuring) =>
        {
            if (instrument.Meter.Name == Meter && Of(instrument.Name) is { } measurements)
            {
                measuring.EnableMeasurementEvents(instrument, measurements);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, tags, state) =>
            Record(state, tags, (long)(seconds * 1000)));
        listener.SetMeasurementEventCallback<long>((_, count, tags, state) => Record(state, tags, count));
    }

    public void Start()
    {
        listener.Start();
        sending = Task.Run(Send);
    }

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await stopping.CancelAsync();
        await sending;
        stopping.Dispose();
    }

    private Measurements? Of(string instrument) => instrument switch
    {
        "nservicebus.messaging.processing_time" => processing,
        "nservicebus.messaging.critical_time" => critical,
        "nservicebus.recoverability.immediate" or "nservicebus.recoverability.delayed" => retries,
        _ => null,
    };

    /// <summary>Other endpoints of the process measure under the same names.</summary>
    private void Record(object? state, ReadOnlySpan<KeyValuePair<string, object?>> tags, long value)
    {
        var type = "";
        var mine = false;
        foreach (var (key, tag) in tags)
        {
            mine |= key == QueueTag && endpoint.Equals(tag as string, StringComparison.Ordinal);
            type = key == TypeTag ? tag as string ?? "" : type;
        }

        if (mine && state is Measurements measurements)
        {
            measurements.Add(type, value);
        }
    }

    private async Task Send()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await Report();
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                logger.LogWarning(e, "'{Endpoint}' could not report to '{Queue}'", endpoint, settings.Queue);
            }
            catch (Exception e)
            {
                logger.LogDebug(e, "A report was cut short: the endpoint stops");
            }

            await Task.Delay(settings.Interval, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Report()
    {
        List<OutgoingOperation> reports =
        [
            Message(
                JsonSerializer.SerializeToUtf8Bytes(
                    new EndpointMetadataReport(PluginVersion: 3, LocalAddress: endpoint)),
                (Headers.EnclosedMessageTypes, "NServiceBus.Metrics.EndpointMetadataReport"),
                (Headers.ContentType, ContentTypes.Json)),
        ];
        foreach (var (name, measurements) in
            new[] { ("ProcessingTime", processing), ("CriticalTime", critical), ("Retries", retries) })
        {
            if (measurements.Take() is { } values)
            {
                reports.Add(Message(
                    values,
                    (Headers.ContentType, "TaggedLongValueWriterOccurrence"),
                    ("NServiceBus.Metric.Type", name)));
            }
        }

        await publisher.Dispatch(reports, stopping.Token);
    }

    private OutgoingOperation Message(byte[] body, params ReadOnlySpan<(string Name, string Value)> own)
    {
        var headers = new Dictionary<string, string>
        {
            [Headers.OriginatingEndpoint] = endpoint,
            [Headers.OriginatingMachine] = host.Machine,
            [Headers.OriginatingHostId] = host.Id,
            [Headers.HostDisplayName] = host.DisplayName,
        };
        if (settings.InstanceId is { } instance)
        {
            headers["NServiceBus.Metric.InstanceId"] = instance;
        }

        foreach (var (name, value) in own)
        {
            headers[name] = value;
        }

        return new OutgoingOperation(Guid.NewGuid().ToString(), headers, body)
        {
            Destination = settings.Queue,
            TimeToLive = TimeToLive,
        };
    }

    /// <summary>Where the endpoint takes its messages from.</summary>
    private sealed record EndpointMetadataReport(int PluginVersion, string LocalAddress);
}
