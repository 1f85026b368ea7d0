using System.Text.Json;
using Npgsql;
using Operations.Broker;
using Operations.Messages;
using Operations.Storage;

namespace Operations.FailedMessages;

/// <summary>One row of <c>list-messages.sql</c>.</summary>
internal sealed record FailedMessageRow(FailedMessageView View, string? ConversationId, int BodySize,
    string? ContentType, IReadOnlyDictionary<string, string> Headers)
{
    public static FailedMessageRow Read(NpgsqlDataReader row)
    {
        var headers = JsonSerializer.Deserialize<Dictionary<string, string>>(row.Maybe<string>(22) ?? "{}")!;
        var editOf = row.Maybe<string>(18);
        var view = new FailedMessageView(
            row.GetGuid(0),
            row.Maybe<string>(1),
            row.IsDBNull(2) ? null : row.GetDateTime(2),
            row.GetBoolean(3),
            new ExceptionView(
                row.Maybe<string>(4),
                row.Maybe<string>(5),
                headers.GetValueOrDefault(HeaderNames.ExceptionSource),
                headers.GetValueOrDefault(HeaderNames.StackTrace)),
            row.Maybe<string>(6),
            row.GetInt32(7),
            (FailedMessageStatus)row.GetInt16(8),
            Endpoint(row, 9),
            Endpoint(row, 12),
            row.Maybe<string>(15),
            row.GetDateTime(16),
            row.GetDateTime(17),
            editOf is not null,
            editOf ?? "");
        return new FailedMessageRow(view, row.Maybe<string>(19), row.GetInt32(20), row.Maybe<string>(21), headers);
    }

    /// <summary>As the list of all messages shows it.</summary>
    public MessageView AsMessage() => new(
        View.Id,
        View.MessageId,
        View.MessageType,
        View.SendingEndpoint,
        View.ReceivingEndpoint,
        View.TimeSent,
        View.TimeOfFailure,
        TimeSpan.Zero,
        TimeSpan.Zero,
        TimeSpan.Zero,
        View.IsSystemMessage,
        ConversationId,
        [.. Headers.Select(header => new HeaderView(header.Key, header.Value))],
        View.Status switch
        {
            FailedMessageStatus.Resolved => MessageStatus.ResolvedSuccessfully,
            FailedMessageStatus.RetryIssued => MessageStatus.RetryIssued,
            FailedMessageStatus.Archived => MessageStatus.ArchivedFailure,
            _ => View.NumberOfProcessingAttempts > 1 ? MessageStatus.RepeatedFailure : MessageStatus.Failed,
        },
        MessageReader.IntentOf(Headers),
        $"/messages/{View.Id}/body",
        BodySize,
        "")
    {
        InvokedSagas = SagaHeaders.Invoked(Headers),
        OriginatesFromSaga = SagaHeaders.Originating(Headers),
    };

    public static EndpointView? Endpoint(NpgsqlDataReader row, int column) => row.IsDBNull(column)
        ? null
        : new EndpointView(
            row.GetString(column), row.Maybe<Guid>(column + 2), row.Maybe<string>(column + 1) ?? "");
}
