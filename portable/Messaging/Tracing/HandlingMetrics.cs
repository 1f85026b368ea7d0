using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Portable.Messaging.Tracing;

/// <summary>Measures of an endpoint, under NServiceBus's names.</summary>
internal sealed class HandlingMetrics
{
    private readonly string queue;
    private readonly Counter<long> fetches;
    private readonly Counter<long> successes;
    private readonly Counter<long> failures;
    private readonly Histogram<double> handlerTime;
    private readonly Histogram<double> criticalTime;
    private readonly Histogram<double> processingTime;
    private readonly Counter<long> immediateRetries;
    private readonly Counter<long> delayedRetries;
    private readonly Counter<long> errors;

    public HandlingMetrics(IMeterFactory meters, string queue)
    {
        this.queue = queue;
        var meter = meters.Create("NServiceBus.Core.Pipeline.Incoming", "0.2.0");
        fetches = meter.CreateCounter<long>(
            "nservicebus.messaging.fetches", description: "Messages taken from the queue.");
        successes = meter.CreateCounter<long>(
            "nservicebus.messaging.successes", description: "Messages handled.");
        failures = meter.CreateCounter<long>(
            "nservicebus.messaging.failures", description: "Failed attempts to handle a message.");
        handlerTime = meter.CreateHistogram<double>(
            "nservicebus.messaging.handler_time", "s", "Time one handler took.");
        criticalTime = meter.CreateHistogram<double>(
            "nservicebus.messaging.critical_time", "s", "Time from sending a message to having handled it.");
        processingTime = meter.CreateHistogram<double>(
            "nservicebus.messaging.processing_time", "s", "Time from taking a message to having handled it.");
        immediateRetries = meter.CreateCounter<long>(
            "nservicebus.recoverability.immediate", description: "Immediate retries.");
        delayedRetries = meter.CreateCounter<long>(
            "nservicebus.recoverability.delayed", description: "Delayed retries.");
        errors = meter.CreateCounter<long>(
            "nservicebus.recoverability.error", description: "Messages moved to the error queue.");
    }

    public void Fetched(MessageTags message)
    {
        if (fetches.Enabled)
        {
            fetches.Add(1, Tags(message, handlers: false));
        }
    }

    public void HandlerRan(MessageTags message, Type handlerType, TimeSpan elapsed, Exception? error)
    {
        if (!handlerTime.Enabled)
        {
            return;
        }

        var tags = Tags(message, handlers: false);
        tags.Add("nservicebus.message_handler_type", handlerType.FullName);
        AddResult(ref tags, error);
        handlerTime.Record(elapsed.TotalSeconds, tags);
    }

    /// <summary>A message's transaction has committed.</summary>
    public void Processed(MessageTags message, TimeSpan elapsed)
    {
        if (processingTime.Enabled)
        {
            var tags = Tags(message);
            AddResult(ref tags, null);
            processingTime.Record(elapsed.TotalSeconds, tags);
        }
    }

    /// <summary>A message is handled and what it sent has left.</summary>
    public void Succeeded(MessageTags message, Dictionary<string, string> headers)
    {
        if (!successes.Enabled && !criticalTime.Enabled)
        {
            return;
        }

        var tags = Tags(message);
        AddResult(ref tags, null);
        successes.Add(1, tags);
        if (criticalTime.Enabled && DateTimeOffsetHelper.TryParse(
            headers.GetValueOrDefault(Headers.DeliverAt) ?? headers.GetValueOrDefault(Headers.TimeSent), out var since))
        {
            criticalTime.Record((DateTimeOffset.UtcNow - since).TotalSeconds, tags);
        }
    }

    public void Failed(MessageTags message, Exception error)
    {
        if (failures.Enabled)
        {
            var tags = Tags(message);
            AddResult(ref tags, error);
            failures.Add(1, tags);
        }
    }

    public void Recovered(RecoverabilityAction action, MessageTags message, Exception error)
    {
        var counter = action switch
        {
            ImmediateRetry => immediateRetries,
            DelayedRetry => delayedRetries,
            MoveToError => errors,
            _ => null,
        };
        if (counter is { Enabled: true })
        {
            var tags = Tags(message, handlers: false);
            tags.Add("error.type", error.GetType().FullName);
            counter.Add(1, tags);
        }
    }

    private static void AddResult(ref TagList tags, Exception? error)
    {
        tags.Add("execution.result", error is null ? "success" : "failure");
        if (error is not null)
        {
            tags.Add("error.type", error.GetType().FullName);
        }
    }

    private TagList Tags(MessageTags message, bool handlers = true)
    {
        TagList tags = default;
        tags.Add("nservicebus.queue", queue);
        tags.Add("nservicebus.discriminator", "");
        if (message.MessageType is { } type)
        {
            tags.Add("nservicebus.message_type", type);
        }

        if (handlers && message.HandlerTypes is { } types)
        {
            tags.Add("nservicebus.message_handler_types", types);
        }

        return tags;
    }
}
