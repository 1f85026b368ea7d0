using Npgsql;
using NpgsqlTypes;
using Portable.Messaging.Transport;

namespace Portable.Messaging.Persistence.Sql;

/// <summary>The outbox of one endpoint: which messages were handled, and what they sent. Finding and marking is done for
/// many messages at once, outside of their transactions; storing is part of each.</summary>
internal sealed class OutboxTable
{
    private const int LargestBatch = 500;

    private readonly SqlConnections connections;
    private readonly JsonParameters json;
    private readonly string find;
    private readonly string mark;
    private readonly string store;
    private readonly string storeHandled;
    private readonly Gathering<string, List<OutgoingOperation>?> finding;
    private readonly Gathering<string, bool> marking;

    public OutboxTable(SqlConnections connections, JsonParameters json, string schema, string prefix)
    {
        (this.connections, this.json) = (connections, json);
        Name = $"{SqlText.Quote(schema)}.{SqlText.Quote($"{prefix}OutboxData")}";
        find = SqlText.Load("find-outbox", ("outbox", Name));
        mark = SqlText.Load("mark-dispatched", ("outbox", Name));
        store = SqlText.Load("store-outbox", ("outbox", Name));
        storeHandled = SqlText.Load("store-handled", ("outbox", Name));
        finding = new Gathering<string, List<OutgoingOperation>?>(FindAll, LargestBatch);
        marking = new Gathering<string, bool>(MarkAll, LargestBatch);
    }

    /// <summary>Qualified and quoted.</summary>
    public string Name { get; }

    /// <summary>What was sent when this message was handled and is not yet known to be dispatched; null when the message
    /// was not handled yet.</summary>
    public Task<List<OutgoingOperation>?> Find(string messageId) => finding.Ask(messageId);

    /// <summary>Notes that the broker has all that the message sent; returns when that is stored.</summary>
    public Task Mark(string messageId) => marking.Ask(messageId);

    /// <summary>The statement that stores what a message sent. Its primary key makes the second of two concurrent
    /// deliveries fail.</summary>
    public NpgsqlBatchCommand Store(string messageId, IReadOnlyList<OutgoingOperation> operations) =>
        operations.Count == 0
            ? Statement.Of(storeHandled, Statement.Text(messageId), Statement.Text(SqlStorage.PersistenceVersion))
            : Statement.Of(
                store,
                Statement.Text(messageId),
                json.Of(OutboxJson.Write(operations)),
                Statement.Text(SqlStorage.PersistenceVersion));

    private async Task<List<OutgoingOperation>?[]> FindAll(IReadOnlyList<string> messageIds)
    {
        var found = new List<OutgoingOperation>?[messageIds.Count];
        await using var connection = await connections.Open(CancellationToken.None);
        await using var command = await Prepare(find, messageIds, connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var id = reader.GetString(0);
            for (var i = 0; i < found.Length; i++)
            {
                // One id may be asked for twice: a message that was delivered twice.
                if (messageIds[i] == id)
                {
                    found[i] = reader.GetBoolean(1) ? [] : OutboxJson.Read(reader.GetFieldValue<byte[]>(2));
                }
            }
        }

        return found;
    }

    private async Task<bool[]> MarkAll(IReadOnlyList<string> messageIds)
    {
        await using var connection = await connections.Open(CancellationToken.None);
        await using var command = await Prepare(mark, messageIds, connection);
        await command.ExecuteNonQueryAsync();
        return new bool[messageIds.Count];
    }

    private static async Task<NpgsqlCommand> Prepare(
        string statement, IReadOnlyList<string> messageIds, NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(statement, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]>
        {
            TypedValue = [.. messageIds],
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar,
        });
        await command.PrepareAsync();
        return command;
    }
}
