using System.Diagnostics;
using Npgsql;

namespace EventStore.Bench;

/// <summary>
/// What plain Npgsql reaches: the same rows into a table of the same definition, partition and indexes.
/// </summary>
internal sealed class RawLog(NpgsqlDataSource dataSource)
{
    private const string EventColumns =
        "position, stream_id, version, decided_at, event_id, command_id, schema_version, stream, type, tenant, "
        + "correlation_id, causation_id, user_name, trace_parent, tags, data";

    private const int RowsPerCopy = 20_000;

    private int next;

    /// <summary>Empty, whether it was there or not.</summary>
    public async Task CreateTable()
    {
        await using var command = dataSource.CreateCommand(
            """
            drop table if exists raw_events;
            drop sequence if exists raw_positions;
            create sequence raw_positions;
            create table raw_events (like eventstore.events including all) partition by range (position);
            create table raw_events_from_0 partition of raw_events for values from (0) to (100000000);
            alter table raw_events alter position set default nextval('raw_positions');
            """);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Transactions of one insert with a fixed number of rows.</summary>
    /// <returns>Rows written.</returns>
    public async Task<long> Insert(int clients, int rowsEach, TimeSpan length, Latencies? latencies = null)
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            var (count, start) = (0L, Stopwatch.GetTimestamp());
            await using var connection = await dataSource.OpenConnectionAsync();
            await using var command = new NpgsqlCommand(RawRow.InsertSql(rowsEach), connection);
            for (; Stopwatch.GetElapsedTime(start) < length; count += rowsEach)
                await InsertOnce(command, rowsEach);
            return count;
        })));
        return counts.Sum();
    }

    public async Task InsertOne()
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(RawRow.InsertSql(1), connection);
        await InsertOnce(command, 1);
    }

    public async Task<long> CopyIn(TimeSpan length)
    {
        var (count, start) = (0L, Stopwatch.GetTimestamp());
        await using var connection = await dataSource.OpenConnectionAsync();
        for (; Stopwatch.GetElapsedTime(start) < length; count += RowsPerCopy)
        {
            await using var import = await connection.BeginBinaryImportAsync(
                $"copy raw_events ({RawRow.Columns}) from stdin (format binary)");
            for (var i = 0; i < RowsPerCopy; i++)
                await RawRow.Of(Interlocked.Increment(ref next)).Write(import);
            await import.CompleteAsync();
        }
        return count;
    }

    /// <summary>Rows of the log as binary COPY sends them, all columns, received and thrown away.</summary>
    public async Task CopyOut(string rows)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var stream = await connection.BeginRawBinaryCopyAsync(
            $"copy (select {EventColumns} from eventstore.events {rows}) to stdout (format binary)");
        var buffer = new byte[64 * 1024];
        while (await stream.ReadAsync(buffer, CancellationToken.None) > 0)
        {
        }
    }

    private async Task InsertOnce(NpgsqlCommand command, int rows)
    {
        command.Parameters.Clear();
        for (var i = 0; i < rows; i++)
            RawRow.Of(Interlocked.Increment(ref next)).AddTo(command.Parameters);
        await command.PrepareAsync();
        await command.ExecuteNonQueryAsync();
    }
}
