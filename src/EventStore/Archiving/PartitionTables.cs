using System.Globalization;
using Npgsql;

namespace EventStore.Archiving;

/// <summary>The two tables of a partition, as whole things: copied out and in, detached, made.</summary>
/// <param name="from">The partition's first position.</param>
internal sealed class PartitionTables(NpgsqlConnection connection, long from)
{
    public static IReadOnlyList<string> EventColumns { get; } =
    [
        "position", "stream_id", "version", "decided_at", "event_id", "command_id", "schema_version", "stream", "type",
        "tenant", "correlation_id", "causation_id", "user_name", "trace_parent", "tags", "data",
    ];

    public static IReadOnlyList<string> TagColumns { get; } = ["tag", "position"];

    private string Events => Name("events");

    private string Tags => Name("tagged");

    /// <summary>Rows in the order of the key, so that the same rows give the same text.</summary>
    public Task<ContentDigest> CopyEventsOut(Stream? to, CancellationToken cancellationToken) =>
        CopyOut(Events, EventColumns, "position", to, cancellationToken);

    /// <inheritdoc cref="CopyEventsOut"/>
    public Task<ContentDigest> CopyTagsOut(Stream? to, CancellationToken cancellationToken) =>
        CopyOut(Tags, TagColumns, "tag, position", to, cancellationToken);

    public Task<ContentDigest> CopyEventsIn(
        Stream rows, IReadOnlyList<string> columns, CancellationToken cancellationToken) =>
        CopyIn(Events, columns, EventColumns, rows, cancellationToken);

    public Task<ContentDigest> CopyTagsIn(
        Stream rows, IReadOnlyList<string> columns, CancellationToken cancellationToken) =>
        CopyIn(Tags, columns, TagColumns, rows, cancellationToken);

    public async Task<PartitionExtent> Measure(CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"select count(*), coalesce(min(position), 0), coalesce(max(position), 0), min(decided_at), max(decided_at) from {Events}");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new PartitionExtent(
            reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2),
            reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3),
            reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4));
    }

    /// <summary>Notes the highest event id before the table goes: see <c>Schema/partitions.sql</c>.</summary>
    public Task NoteNewest(CancellationToken cancellationToken) => Execute(
        $"""
        update eventstore.partitions
        set newest_event = coalesce(
            (select event_id from {Events} order by event_id desc limit 1), '00000000-0000-0000-0000-000000000000')
        where from_position = {from.ToString(CultureInfo.InvariantCulture)} and newest_event is null
        """,
        cancellationToken);

    /// <summary>
    /// Takes the tables out of the log and drops them, from wherever an earlier try ended. Waits for transactions that
    /// use the log, and nobody waits for it.
    /// </summary>
    public async Task Remove(CancellationToken cancellationToken)
    {
        // Events last: while their table is there, an interrupted removal is found and gone on with.
        foreach (var (table, parent) in new[] { (Tags, "eventstore.tagged"), (Events, "eventstore.events") })
        {
            await using (var pending = Command(
                $"select inhdetachpending from pg_inherits where inhrelid = to_regclass('{table}')"))
            {
                if (await pending.ExecuteScalarAsync(cancellationToken) is bool isPending)
                {
                    await Execute(
                        $"alter table {parent} detach partition {table} {(isPending ? "finalize" : "concurrently")}",
                        cancellationToken);
                }
            }
            await Execute($"drop table if exists {table}", cancellationToken);
        }
    }

    /// <summary>Makes the tables anew, apart from the log and without indexes.</summary>
    public Task Create(CancellationToken cancellationToken) => Execute(
        $"create table {Events} (like eventstore.events including all excluding indexes);"
        + $"create table {Tags} (like eventstore.tagged including all excluding indexes)",
        cancellationToken);

    /// <summary>Puts the tables into the log; PostgreSQL makes the indexes that the log has.</summary>
    public Task Attach(long to, CancellationToken cancellationToken) => Execute(
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            alter table eventstore.events attach partition {Events} for values from ({from}) to ({to});
            alter table eventstore.tagged attach partition {Tags} for values from ({from}) to ({to});
            """),
        cancellationToken);

    private async Task<ContentDigest> CopyOut(
        string table, IReadOnlyList<string> columns, string order, Stream? to, CancellationToken cancellationToken)
    {
        await Execute("set time zone 'UTC'; set datestyle = 'ISO, YMD'", cancellationToken);
        using var rows = await connection.BeginTextExportAsync(
            $"copy (select {string.Join(", ", columns)} from {table} order by {order}) to stdout", cancellationToken);
        return await ContentStream.FromText(rows, to, cancellationToken);
    }

    private async Task<ContentDigest> CopyIn(
        string table,
        IReadOnlyList<string> columns,
        IReadOnlyList<string> known,
        Stream rows,
        CancellationToken cancellationToken)
    {
        if (columns.FirstOrDefault(column => !known.Contains(column)) is { } unknown)
            throw new InvalidDataException($"The archive has a column '{unknown}', which the log has not.");
        await Execute("set time zone 'UTC'; set datestyle = 'ISO, YMD'", cancellationToken);
        await using var text = await connection.BeginTextImportAsync(
            $"copy {table} ({string.Join(", ", columns)}) from stdin", cancellationToken);
        return await ContentStream.FromBytes(rows, text, cancellationToken);
    }

    private string Name(string kind) => string.Create(CultureInfo.InvariantCulture, $"eventstore.{kind}_from_{from}");

    private async Task Execute(string sql, CancellationToken cancellationToken)
    {
        await using var command = Command(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Millions of rows take their time; cancellation ends it.</summary>
    private NpgsqlCommand Command(string sql) => new(sql, connection) { CommandTimeout = 0 };
}

/// <summary>What a partition holds.</summary>
internal readonly record struct PartitionExtent(
    long Events, long First, long Last, DateTimeOffset? Oldest, DateTimeOffset? Newest);
