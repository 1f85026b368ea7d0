using Npgsql;
using NpgsqlTypes;

namespace EventStore.Appending;

/// <summary>
/// Writes plain appends, one at a time, on one connection, inside its transaction where it has one. The command is
/// prepared once and kept with its parameters.
/// </summary>
internal sealed class PlainStatement : IAsyncDisposable
{
    private static readonly string AppendSql = Sql.Read("Appending/append_plain.sql");

    private readonly NpgsqlCommand command;
    private readonly NpgsqlParameter<string> stream = new();
    private readonly NpgsqlParameter<long> expected = new();
    private readonly NpgsqlParameter<Guid[]> ids = new();
    private readonly NpgsqlParameter<string[]> types = new();
    private readonly NpgsqlParameter<int[]> schemas = new();
    private readonly NpgsqlParameter<byte[][]> data = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Json };
    private readonly NpgsqlParameter<Guid> commandId = new();
    private readonly NpgsqlParameter<string> tenant = new();
    private readonly NpgsqlParameter<DateTime> time = new() { NpgsqlDbType = NpgsqlDbType.TimestampTz };
    private readonly NpgsqlParameter<string?> correlation = new() { NpgsqlDbType = NpgsqlDbType.Text };
    private readonly NpgsqlParameter<string?> causation = new() { NpgsqlDbType = NpgsqlDbType.Text };
    private readonly NpgsqlParameter<string?> user = new() { NpgsqlDbType = NpgsqlDbType.Text };
    private readonly NpgsqlParameter<string?> trace = new() { NpgsqlDbType = NpgsqlDbType.Text };
    private readonly NpgsqlParameter<int?> lockPatience = new() { NpgsqlDbType = NpgsqlDbType.Integer };
    private bool prepared;

    public PlainStatement(NpgsqlConnection connection)
    {
        command = new NpgsqlCommand(AppendSql, connection);
        command.Parameters.AddRange((NpgsqlParameter[])[
            stream, expected, ids, types, schemas, data, commandId, tenant, time, correlation, causation, user, trace,
            lockPatience]);
    }

    /// <summary>One round trip.</summary>
    /// <param name="append">With <see cref="EncodedAppend.IsPlain"/>.</param>
    /// <param name="patience">How long to wait for each lock; null: as long as the session does.</param>
    /// <returns>Null where something is in its way: nothing is written then, and append_batch.sql knows what.</returns>
    public async Task<Appended?> TryRun(
        EncodedAppend append, TimeSpan? patience, CancellationToken cancellationToken)
    {
        Fill(append);
        lockPatience.TypedValue = (int?)patience?.TotalMilliseconds;
        if (!prepared)
        {
            await command.PrepareAsync(cancellationToken);
            prepared = true;
        }
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.IsDBNull(0) ? null : new Appended(reader.GetFieldValue<long[]>(0), [reader.GetInt64(1)]);
    }

    public ValueTask DisposeAsync() => command.DisposeAsync();

    private void Fill(EncodedAppend append)
    {
        var (request, events) = (append.Request, append.Events);
        (stream.TypedValue, expected.TypedValue) = (request.Streams[0].Stream, request.Streams[0].Expected.Value);
        ids.TypedValue = [.. Enumerable.Range(0, events.Length).Select(append.EventId)];
        types.TypedValue = Array.ConvertAll(events, each => each.Type.Name);
        schemas.TypedValue = Array.ConvertAll(events, each => each.Type.SchemaVersion);
        data.TypedValue = Array.ConvertAll(events, each => each.Json);
        var metadata = request.Metadata;
        (commandId.TypedValue, tenant.TypedValue) = (metadata.CommandId, metadata.Tenant);
        time.TypedValue = metadata.Time.UtcDateTime;
        (correlation.TypedValue, causation.TypedValue) = (metadata.CorrelationId, metadata.CausationId);
        (user.TypedValue, trace.TypedValue) = (metadata.User, metadata.TraceParent);
    }
}
