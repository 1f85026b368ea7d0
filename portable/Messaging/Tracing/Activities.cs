using System.Diagnostics;

namespace Portable.Messaging.Tracing;

/// <summary>Spans of sending and handling, under NServiceBus's names, so that traces look the same in both
/// editions.</summary>
internal static class Activities
{
    public const string Receive = "NServiceBus.Diagnostics.ReceiveMessage";
    public const string Send = "NServiceBus.Diagnostics.SendMessage";
    public const string Publish = "NServiceBus.Diagnostics.PublishMessage";
    public const string InvokeHandler = "NServiceBus.Diagnostics.InvokeHandler";

    public static readonly ActivitySource Source = new("NServiceBus.Core", "0.1.0");

    private static readonly Dictionary<string, string> Tags = new()
    {
        [Headers.SagaId] = "nservicebus.saga.saga_id",
        [Headers.SagaType] = "nservicebus.saga.saga_type",
        [Headers.IsSagaTimeoutMessage] = "nservicebus.saga.is_timeout",
        [Headers.MessageId] = "nservicebus.message_id",
        [Headers.CorrelationId] = "nservicebus.correlation_id",
        [Headers.ConversationId] = "nservicebus.conversation_id",
        [Headers.PreviousConversationId] = "nservicebus.previous_conversation_id",
        [Headers.RelatedTo] = "nservicebus.related_to",
        [Headers.MessageIntent] = "nservicebus.message_intent",
        [Headers.EnclosedMessageTypes] = "nservicebus.enclosed_message_types",
        [Headers.ContentType] = "nservicebus.content_type",
        [Headers.ReplyToAddress] = "nservicebus.reply_to_address",
        [Headers.NServiceBusVersion] = "nservicebus.version",
        [Headers.ControlMessageHeader] = "nservicebus.control_message",
        [Headers.OriginatingSagaId] = "nservicebus.originating_saga_id",
        [Headers.OriginatingSagaType] = "nservicebus.originating_saga_type",
        [Headers.OriginatingEndpoint] = "nservicebus.originating_endpoint",
        [Headers.OriginatingMachine] = "nservicebus.originating_machine",
        [Headers.OriginatingHostId] = "nservicebus.originating_host_id",
        [Headers.ProcessingEndpoint] = "nservicebus.processing_endpoint",
        [Headers.ProcessingMachine] = "nservicebus.processing_machine",
        [Headers.HostDisplayName] = "nservicebus.host.display_name",
        [Headers.HostId] = "nservicebus.host.host_id",
        [Headers.DelayedRetries] = "nservicebus.delayed_retries",
        [Headers.DelayedRetriesTimestamp] = "nservicebus.delayed_retries_timestamp",
        [Headers.DeliverAt] = "nservicebus.deliver_at",
        [Headers.IsDeferredMessage] = "nservicebus.is_deferred",
        [Headers.TimeToBeReceived] = "nservicebus.time_to_be_received",
        [Headers.NonDurableMessage] = "nservicebus.non_durable",
    };

    /// <summary>The span of handling a message: in the sender's trace, or in one of its own that is linked to
    /// it.</summary>
    public static Activity? StartReceive(string nativeMessageId, Dictionary<string, string> headers)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var activity = Create(headers);
        if (activity is null)
        {
            return null;
        }

        Baggage.Restore(activity, headers);
        activity.DisplayName = "process message";
        activity.SetIdFormat(ActivityIdFormat.W3C);
        activity.SetTag("nservicebus.native_message_id", nativeMessageId);
        Describe(activity, headers);
        return activity.Start();
    }

    /// <summary>The span of sending a message.</summary>
    public static Activity? StartSend(MessageIntent intent)
    {
        var activity = Source.CreateActivity(intent == MessageIntent.Publish ? Publish : Send, ActivityKind.Producer);
        if (activity is null)
        {
            return null;
        }

        activity.SetIdFormat(ActivityIdFormat.W3C);
        activity.DisplayName = intent switch
        {
            MessageIntent.Publish => "publish event",
            MessageIntent.Reply => "reply",
            _ => "send message",
        };
        return activity.Start();
    }

    /// <summary>The span of one handler.</summary>
    public static Activity? StartHandler(Type handlerType)
    {
        // Without a span of its message a handler would start a trace of its own.
        if (Activity.Current is null || Source.StartActivity(InvokeHandler) is not { } activity)
        {
            return null;
        }

        activity.DisplayName = handlerType.Name;
        activity.SetTag("nservicebus.handler.handler_type", handlerType.FullName);
        return activity;
    }

    /// <summary>Headers as tags.</summary>
    public static void Describe(Activity activity, Dictionary<string, string> headers)
    {
        foreach (var (name, value) in headers)
        {
            if (Tags.TryGetValue(name, out var tag))
            {
                activity.SetTag(tag, value);
            }
        }
    }

    /// <summary>Marks a span as failed, as OpenTelemetry's conventions have it.</summary>
    public static void Fail(Activity? activity, Exception exception)
    {
        if (activity is null)
        {
            return;
        }

        activity.SetStatus(ActivityStatusCode.Error, exception.Message);
        activity.SetTag("otel.status_code", "ERROR");
        activity.SetTag("otel.status_description", exception.Message);
        activity.AddException(exception);
    }

    /// <summary>Puts the current span into the headers.</summary>
    public static void Propagate(Dictionary<string, string> headers)
    {
        if (Activity.Current is not { Id: { } id } activity)
        {
            return;
        }

        headers[Headers.DiagnosticsTraceParent] = id;
        if (activity.TraceStateString is { } state)
        {
            headers[Headers.DiagnosticsTraceState] = state;
        }

        if (Baggage.Text(activity) is { } baggage)
        {
            headers[Headers.DiagnosticsBaggage] = baggage;
        }
    }

    private static Activity? Create(Dictionary<string, string> headers)
    {
        if (!headers.TryGetValue(Headers.DiagnosticsTraceParent, out var parent)
            || !ActivityContext.TryParse(parent, null, isRemote: true, out var sender))
        {
            return Source.CreateActivity(Receive, ActivityKind.Consumer);
        }

        if (!headers.TryGetValue(Headers.StartNewTrace, out var startNew) || startNew != bool.TrueString)
        {
            return Source.CreateActivity(Receive, ActivityKind.Consumer, sender);
        }

        // A root span: none may be current, else it becomes the parent.
        Activity.Current = null;
        return Source.CreateActivity(
            Receive, ActivityKind.Consumer, parentContext: default, links: [new ActivityLink(sender)]);
    }
}
