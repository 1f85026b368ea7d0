using Npgsql;
using NpgsqlTypes;

namespace EventStore.Bench;

/// <summary>What the same server takes from plain Npgsql: the same rows into a table of the same definition.</summary>
internal sealed class RawLimits(NpgsqlDataSource dataSource)
{
    private const string Columns =
        "position, stream_id, version, decided_at, event_id, command_id, schema_version, stream, type, tenant, "
        + "correlation_id, causation_id, user_name, trace_parent, data";

    private int next;

    public async Task CreateTable()
    {
        await Execute("drop table if exists raw_events; drop sequence if exists raw_positions");
        await Execute("create sequence raw_positions");
        await Execute("create table raw_events (like eventstore.events including all)");
        await Execute("alter table raw_events alter position set default nextval('raw_positions')");
    }

    public Task DropTable() => Execute("drop table raw_events; drop sequence raw_positions");

    /// <summary>Inserts the rows of the log, a fixed number in each statement and transaction.</summary>
    public async Task Insert(int clients, int batch, int batches)
    {
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            await using var connection = await dataSource.OpenConnectionAsync();
            await using var command = new NpgsqlCommand(InsertSql(batch), connection);
            for (var b = 0; b < batches; b++)
            {
                command.Parameters.Clear();
                for (var i = 0; i < batch; i++)
                    AddRow(command.Parameters, Row.Of(Interlocked.Increment(ref next)));
                if (b == 0)
                    await command.PrepareAsync();
                await command.ExecuteNonQueryAsync();
            }
        })));
    }

    public async Task CopyIn(int rows)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var import = await connection.BeginBinaryImportAsync(
            $"copy raw_events ({Columns[10..]}) from stdin (format binary)");
        for (var i = 0; i < rows; i++)
        {
            var row = Row.Of(Interlocked.Increment(ref next));
            await import.StartRowAsync();
            await import.WriteAsync(row.StreamId);
            await import.WriteAsync(row.Version);
            await import.WriteAsync(row.DecidedAt);
            await import.WriteAsync(row.EventId);
            await import.WriteAsync(row.CommandId);
            await import.WriteAsync(1);
            await import.WriteAsync(row.Stream);
            await import.WriteAsync("line-reserved");
            await import.WriteAsync("demo");
            await import.WriteAsync(row.Correlation);
            await import.WriteNullAsync();
            await import.WriteNullAsync();
            await import.WriteAsync(row.Trace);
            await import.WriteAsync(row.Data, NpgsqlDbType.Json);
        }
        await import.CompleteAsync();
    }

    /// <summary>All rows of the log as binary COPY sends them, read and thrown away.</summary>
    public async Task CopyOut()
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var stream = await connection.BeginRawBinaryCopyAsync(
            $"copy (select {Columns} from eventstore.events order by position) to stdout (format binary)");
        var buffer = new byte[64 * 1024];
        while (await stream.ReadAsync(buffer, CancellationToken.None) > 0)
        {
        }
    }

    public async Task<long> Count()
    {
        await using var command = dataSource.CreateCommand("select count(*) from eventstore.events");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static string InsertSql(int rows)
    {
        var values = Enumerable.Range(0, rows).Select(row =>
        {
            var p = row * 10;
            return $"(${p + 1}, ${p + 2}, ${p + 3}, ${p + 4}, ${p + 5}, 1, ${p + 6}, 'line-reserved', ${p + 7}, "
                + $"${p + 8}, null, null, ${p + 9}, ${p + 10})";
        });
        return $"insert into raw_events ({Columns[10..]}) values {string.Join(", ", values)}";
    }

    private static void AddRow(NpgsqlParameterCollection parameters, Row row)
    {
        parameters.Add(new NpgsqlParameter<long> { TypedValue = row.StreamId });
        parameters.Add(new NpgsqlParameter<long> { TypedValue = row.Version });
        parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = row.DecidedAt });
        parameters.Add(new NpgsqlParameter<Guid> { TypedValue = row.EventId });
        parameters.Add(new NpgsqlParameter<Guid> { TypedValue = row.CommandId });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Stream });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = "demo" });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Correlation });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Trace });
        parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = row.Data, NpgsqlDbType = NpgsqlDbType.Json });
    }

    private async Task Execute(string sql)
    {
        await using var command = dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The row that an append of the same event writes.</summary>
    private sealed record Row(
        long StreamId,
        long Version,
        DateTime DecidedAt,
        Guid EventId,
        Guid CommandId,
        string Stream,
        string Correlation,
        string Trace,
        byte[] Data)
    {
        public static Row Of(int n)
        {
            var request = Sample.Request($"stock/demo/{n % 20_000:00000}", n);
            return new Row(
                n % 20_000,
                n,
                request.Metadata.Time.UtcDateTime,
                request.Metadata.CommandId,
                request.Metadata.CommandId,
                request.Streams[0].Stream,
                request.Metadata.CorrelationId!,
                request.Metadata.TraceParent!,
                System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
                    request.Streams[0].Events[0], System.Text.Json.JsonSerializerOptions.Web));
        }
    }
}
