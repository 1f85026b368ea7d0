using System.Text.Json;
using Portable.Messaging.Handling;
using Portable.Messaging.Messages;
using Portable.Messaging.Sagas;
using Portable.Messaging.Transport;

namespace Portable.Messaging.SagaAudit;

/// <summary>Reports what sagas make of messages. A report is an outgoing message like those of the handlers: it commits
/// with them, and tells of nothing that did not happen.</summary>
internal sealed class SagaAuditor(SagaAuditSettings settings, string endpoint, Publisher publisher)
{
    private const string ReportType = "ServiceControl.EndpointPlugin.Messages.SagaState.SagaUpdatedMessage";

    /// <summary>A message without content, for an endpoint to find out at its start that the queue is there.</summary>
    /// <exception cref="Exception">It is not, or the broker is away.</exception>
    public Task Verify(CancellationToken cancellationToken)
    {
        var headers = new Dictionary<string, string>
        {
            [Headers.ControlMessageHeader] = bool.TrueString,
            [Headers.MessageIntent] = nameof(MessageIntent.Send),
            [Headers.ReplyToAddress] = endpoint,
        };
        return publisher.Dispatch([Operation(headers, ReadOnlyMemory<byte>.Empty)], cancellationToken);
    }

    /// <summary>The saga has handled the message.</summary>
    /// <param name="started">When it was looked for.</param>
    public void Report(HandlingContext context, ActiveSaga saga, SagaTrail trail, DateTimeOffset started)
    {
        var data = saga.Data!;
        var change = saga.Completed ? "Completed" : saga.IsNew ? "New" : "Updated";
        var report = new SagaUpdatedMessage(
            settings.Serialization is { } own
                ? JsonSerializer.Serialize(own(data))
                : JsonSerializer.Serialize(data, saga.Model.DataType),
            data.Id,
            Initiator(context),
            trail.End(saga.Model.SagaType, data.Id, change),
            endpoint,
            saga.IsNew,
            saga.Completed,
            started.UtcDateTime,
            DateTime.UtcNow,
            saga.Model.SagaType.FullName);
        var headers = new Dictionary<string, string>
        {
            [Headers.EnclosedMessageTypes] = ReportType,
            [Headers.ContentType] = ContentTypes.Json,
            [Headers.ReplyToAddress] = endpoint,
            [Headers.MessageIntent] = nameof(MessageIntent.Send),
        };
        context.Pending.Add(Operation(headers, JsonSerializer.SerializeToUtf8Bytes(report)));
    }

    private static SagaChangeInitiator Initiator(HandlingContext context)
    {
        var headers = context.MessageHeaders;
        return new SagaChangeInitiator(
            context.MessageId,
            context.Logical.MessageType.FullName,
            headers.TryGetValue(Headers.IsSagaTimeoutMessage, out var timeout)
                && timeout.Equals(bool.TrueString, StringComparison.OrdinalIgnoreCase),
            headers.TryGetValue(Headers.TimeSent, out var sent)
                ? DateTimeOffsetHelper.ToDateTimeOffset(sent).UtcDateTime
                : DateTimeOffset.MinValue.UtcDateTime,
            headers.GetValueOrDefault(Headers.OriginatingMachine),
            headers.GetValueOrDefault(Headers.OriginatingEndpoint),
            headers.GetValueOrDefault(Headers.MessageIntent) ?? nameof(MessageIntent.Send));
    }

    private OutgoingOperation Operation(Dictionary<string, string> headers, ReadOnlyMemory<byte> body) =>
        new(Guid.NewGuid().ToString(), headers, body) { Destination = settings.Queue };
}
