using System.Text.Json;
using System.Text.Json.Serialization;
using Operations.Broker;
using Operations.Http;
using Operations.Intake;

namespace Operations.Auditing;

/// <summary>What a saga made of a message. The numbers are those of the database.</summary>
internal enum SagaChangeStatus
{
    New = 1,
    Updated = 2,
    Completed = 3,
}

/// <summary>A change of a saga's state, as an endpoint reports it to the audit queue.</summary>
/// <param name="Id">The same when the broker delivers the report again.</param>
/// <param name="Initiating">The message that the saga handled, as the API answers it.</param>
/// <param name="Outgoing">The messages that it sent, as the API answers them.</param>
internal sealed record SagaChange(
    Guid Id, Guid SagaId, string SagaType, string Endpoint, SagaChangeStatus Status, DateTime StartedAt,
    DateTime FinishedAt, string State, string Initiating, string Outgoing)
{
    /// <summary>The type of the report.</summary>
    public const string ReportType = "ServiceControl.EndpointPlugin.Messages.SagaState.SagaUpdatedMessage";

    public static bool IsReportedBy(IReadOnlyDictionary<string, string> headers) =>
        headers.GetValueOrDefault(HeaderNames.EnclosedMessageTypes) == ReportType;

    /// <exception cref="JsonException">It is no such report.</exception>
    public static SagaChange Read(IReadOnlyDictionary<string, string> headers, byte[] body)
    {
        var report = JsonSerializer.Deserialize<Report>(body) ?? throw new JsonException("The report is null.");
        var initiator = report.Initiator ?? new Handled();
        var initiating = new InitiatingMessage(
            initiator.InitiatingMessageId, initiator.IsSagaTimeoutMessage, initiator.OriginatingEndpoint,
            initiator.OriginatingMachine, initiator.TimeSent, initiator.MessageType, initiator.Intent);
        var outgoing = (report.ResultingMessages ?? []).Select(sent => new OutgoingMessage(
            Whole(sent.DeliveryDelay), sent.Destination, sent.DeliveryAt, sent.ResultingMessageId, sent.TimeSent,
            sent.MessageType, sent.Intent)).ToList();
        return new SagaChange(
            MessageIdentity.OfBytes(headers, body),
            report.SagaId,
            Failure.Clean(report.SagaType) ?? "",
            Failure.Clean(report.Endpoint) ?? "",
            report.IsCompleted ? SagaChangeStatus.Completed
            : report.IsNew ? SagaChangeStatus.New
            : SagaChangeStatus.Updated,
            report.StartTime.ToUniversalTime(),
            report.FinishTime.ToUniversalTime(),
            Failure.Clean(report.SagaState) ?? "{}",
            JsonSerializer.Serialize(initiating, ApiJson.Options),
            JsonSerializer.Serialize(outgoing, ApiJson.Options));
    }

    /// <summary>In whole seconds: ServicePulse takes what is left of the point of 00:00:39.9 for days.</summary>
    private static TimeSpan? Whole(TimeSpan? delay) =>
        delay is { } time ? TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds)) : null;

    private sealed record InitiatingMessage(
        string? MessageId, bool IsSagaTimeoutMessage, string? OriginatingEndpoint, string? OriginatingMachine,
        DateTime? TimeSent, string? MessageType, string? Intent);

    private sealed record OutgoingMessage(
        TimeSpan? DeliveryDelay, string? Destination, DateTime? DeliverAt, string? MessageId, DateTime? TimeSent,
        string? MessageType, string? Intent);

    private sealed record Report
    {
        [JsonRequired]
        public Guid SagaId { get; init; }

        public string? SagaType { get; init; }

        public string? SagaState { get; init; }

        public string? Endpoint { get; init; }

        public bool IsNew { get; init; }

        public bool IsCompleted { get; init; }

        public DateTime StartTime { get; init; }

        public DateTime FinishTime { get; init; }

        public Handled? Initiator { get; init; }

        public List<Sent>? ResultingMessages { get; init; }
    }

    private sealed record Handled
    {
        public string? InitiatingMessageId { get; init; }

        public string? MessageType { get; init; }

        public bool IsSagaTimeoutMessage { get; init; }

        public DateTime? TimeSent { get; init; }

        public string? OriginatingMachine { get; init; }

        public string? OriginatingEndpoint { get; init; }

        public string? Intent { get; init; }
    }

    private sealed record Sent
    {
        public string? MessageType { get; init; }

        public DateTime? TimeSent { get; init; }

        public DateTime? DeliveryAt { get; init; }

        public TimeSpan? DeliveryDelay { get; init; }

        public string? Destination { get; init; }

        public string? ResultingMessageId { get; init; }

        public string? Intent { get; init; }
    }
}
