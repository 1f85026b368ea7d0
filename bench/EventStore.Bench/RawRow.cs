using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace EventStore.Bench;

/// <summary>The row that an append of the same event writes.</summary>
internal sealed record RawRow(
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
    /// <summary>Without the position, which is drawn by default, and the tags, which are null.</summary>
    public const string Columns =
        "stream_id, version, decided_at, event_id, command_id, schema_version, stream, type, tenant, correlation_id, "
        + "causation_id, user_name, trace_parent, data";

    public static RawRow Of(int n)
    {
        var (metadata, data) = (Sample.Metadata(), Sample.Event(n));
        return new RawRow(
            n % 20_000,
            n,
            metadata.Time.UtcDateTime,
            metadata.CommandId,
            metadata.CommandId,
            Sample.Stream(n),
            metadata.CorrelationId!,
            metadata.TraceParent!,
            JsonSerializer.SerializeToUtf8Bytes(data, JsonSerializerOptions.Web));
    }

    public static string InsertSql(int rows)
    {
        var values = Enumerable.Range(0, rows).Select(row =>
        {
            var p = row * 10;
            return $"(${p + 1}, ${p + 2}, ${p + 3}, ${p + 4}, ${p + 5}, 1, ${p + 6}, 'line-reserved', ${p + 7}, "
                + $"${p + 8}, null, null, ${p + 9}, ${p + 10})";
        });
        return $"insert into raw_events ({Columns}) values {string.Join(", ", values)}";
    }

    /// <summary>The parameters of one row of <see cref="InsertSql"/>.</summary>
    public void AddTo(NpgsqlParameterCollection parameters)
    {
        parameters.Add(new NpgsqlParameter<long> { TypedValue = StreamId });
        parameters.Add(new NpgsqlParameter<long> { TypedValue = Version });
        parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = DecidedAt });
        parameters.Add(new NpgsqlParameter<Guid> { TypedValue = EventId });
        parameters.Add(new NpgsqlParameter<Guid> { TypedValue = CommandId });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = Stream });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = "demo" });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = Correlation });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = Trace });
        parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = Data, NpgsqlDbType = NpgsqlDbType.Json });
    }

    public async Task Write(NpgsqlBinaryImporter import)
    {
        await import.StartRowAsync();
        await import.WriteAsync(StreamId);
        await import.WriteAsync(Version);
        await import.WriteAsync(DecidedAt);
        await import.WriteAsync(EventId);
        await import.WriteAsync(CommandId);
        await import.WriteAsync(1);
        await import.WriteAsync(Stream);
        await import.WriteAsync("line-reserved");
        await import.WriteAsync("demo");
        await import.WriteAsync(Correlation);
        await import.WriteNullAsync();
        await import.WriteNullAsync();
        await import.WriteAsync(Trace);
        await import.WriteAsync(Data, NpgsqlDbType.Json);
    }
}
