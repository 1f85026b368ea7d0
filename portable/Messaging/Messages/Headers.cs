namespace Portable.Messaging;

/// <summary>Names of the headers on the wire, the same in both editions.</summary>
public static class Headers
{
    public const string MessageId = "NServiceBus.MessageId";
    public const string CorrelationId = "NServiceBus.CorrelationId";
    public const string ConversationId = "NServiceBus.ConversationId";
    public const string PreviousConversationId = "NServiceBus.PreviousConversationId";
    public const string RelatedTo = "NServiceBus.RelatedTo";
    public const string MessageIntent = "NServiceBus.MessageIntent";
    public const string EnclosedMessageTypes = "NServiceBus.EnclosedMessageTypes";
    public const string ContentType = "NServiceBus.ContentType";
    public const string ControlMessageHeader = "NServiceBus.ControlMessage";
    public const string ReplyToAddress = "NServiceBus.ReplyToAddress";
    public const string TimeSent = "NServiceBus.TimeSent";
    public const string TimeToBeReceived = "NServiceBus.TimeToBeReceived";
    public const string DeliverAt = "NServiceBus.DeliverAt";
    public const string NonDurableMessage = "NServiceBus.NonDurableMessage";
    public const string NServiceBusVersion = "NServiceBus.Version";

    public const string OriginatingEndpoint = "NServiceBus.OriginatingEndpoint";
    public const string OriginatingMachine = "NServiceBus.OriginatingMachine";
    public const string OriginatingHostId = "$.diagnostics.originating.hostid";
    public const string OriginatingAddress = "NServiceBus.OriginatingAddress";
    public const string OriginatingSagaId = "NServiceBus.OriginatingSagaId";
    public const string OriginatingSagaType = "NServiceBus.OriginatingSagaType";

    public const string ProcessingStarted = "NServiceBus.ProcessingStarted";
    public const string ProcessingEnded = "NServiceBus.ProcessingEnded";
    public const string ProcessingEndpoint = "NServiceBus.ProcessingEndpoint";
    public const string ProcessingMachine = "NServiceBus.ProcessingMachine";
    public const string HostId = "$.diagnostics.hostid";
    public const string HostDisplayName = "$.diagnostics.hostdisplayname";

    public const string SagaId = "NServiceBus.SagaId";
    public const string SagaType = "NServiceBus.SagaType";
    public const string IsSagaTimeoutMessage = "NServiceBus.IsSagaTimeoutMessage";
    public const string IsDeferredMessage = "NServiceBus.IsDeferredMessage";

    public const string ImmediateRetries = "NServiceBus.FLRetries";
    public const string DelayedRetries = "NServiceBus.Retries";
    public const string DelayedRetriesTimestamp = "NServiceBus.Retries.Timestamp";

    public const string SubscriptionMessageType = "SubscriptionMessageType";
    public const string SubscriberTransportAddress = "NServiceBus.SubscriberAddress";
    public const string SubscriberEndpoint = "NServiceBus.SubscriberEndpoint";

    public const string StartNewTrace = "NServiceBus.OpenTelemetry.StartNewTrace";
    public const string DiagnosticsTraceParent = "traceparent";
    public const string DiagnosticsTraceState = "tracestate";
    public const string DiagnosticsBaggage = "baggage";
}
