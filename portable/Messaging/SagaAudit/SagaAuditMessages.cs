namespace Portable.Messaging.SagaAudit;

/// <summary>
/// What a saga made of a message; <c>ServiceControl.EndpointPlugin.Messages.SagaState.SagaUpdatedMessage</c>. Names and
/// order of the properties are those on the wire.
/// </summary>
internal sealed record SagaUpdatedMessage(
    string SagaState,
    Guid SagaId,
    SagaChangeInitiator Initiator,
    IReadOnlyList<SagaChangeOutput> ResultingMessages,
    string Endpoint,
    bool IsNew,
    bool IsCompleted,
    DateTime StartTime,
    DateTime FinishTime,
    string? SagaType);

/// <summary>The message that the saga handled.</summary>
internal sealed record SagaChangeInitiator(
    string InitiatingMessageId,
    string? MessageType,
    bool IsSagaTimeoutMessage,
    DateTime? TimeSent,
    string? OriginatingMachine,
    string? OriginatingEndpoint,
    string Intent);

/// <summary>A message that the saga sent; no destination where it was published.</summary>
internal sealed record SagaChangeOutput(
    string MessageType,
    DateTime TimeSent,
    DateTime? DeliveryAt,
    TimeSpan? DeliveryDelay,
    string? Destination,
    string ResultingMessageId,
    string Intent);
