using System.Diagnostics;
using System.Text;
using Npgsql;
using StackExchange.Redis;

namespace Projections.Bench;

/// <summary>What the stores themselves take, with nothing in between.</summary>
internal static class Limits
{
    private const int Copies = 3;

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(3);

    /// <summary>COPY of a table's rows into one of the same definition; the bytes are in memory already.</summary>
    /// <returns>Rows, and the time of the COPY alone: the middle one of three.</returns>
    public static async Task<(long Rows, TimeSpan Time)> Copy(NpgsqlDataSource database, string table)
    {
        await using var connection = await database.OpenConnectionAsync();
        var bytes = new MemoryStream();
        await using (var export = await connection.BeginRawBinaryCopyAsync($"COPY {table} TO STDOUT (FORMAT binary)"))
            await export.CopyToAsync(bytes);
        var times = new List<TimeSpan>();
        for (var copy = 0; copy < Copies; copy++)
        {
            var copied = await CreateLike(connection, table);
            var started = Stopwatch.GetTimestamp();
            await using (var import = await connection.BeginRawBinaryCopyAsync($"COPY {copied} FROM STDIN (FORMAT binary)"))
            {
                bytes.Position = 0;
                await bytes.CopyToAsync(import, 1 << 16);
            }

            times.Add(Stopwatch.GetElapsedTime(started));
        }

        await using var count = new NpgsqlCommand($"SELECT count(*) FROM {table}", connection);
        return ((long)(await count.ExecuteScalarAsync())!, times.Order().ElementAt(Copies / 2));
    }

    /// <summary>
    /// A table of the same definition: columns, indexes, and how full its pages are made. It is not dropped while the
    /// run lasts, as no build of a model is: whoever writes behind a drop finds warm memory, and is a quarter faster.
    /// </summary>
    /// <returns>Its name.</returns>
    public static async Task<string> CreateLike(NpgsqlConnection connection, string table)
    {
        var name = $"beside_{Guid.NewGuid():N}";
        await using var options = new NpgsqlCommand(
            $"SELECT ' WITH (' || array_to_string(reloptions, ', ') || ')' FROM pg_class WHERE oid = '{table}'::regclass",
            connection);
        var with = await options.ExecuteScalarAsync() as string;
        await using var create = new NpgsqlCommand($"CREATE TABLE {name} (LIKE {table} INCLUDING ALL){with}", connection);
        await create.ExecuteNonQueryAsync();
        return name;
    }

    /// <summary>COPY of whole events of some types out of the log, in its order; thrown away where it arrives.</summary>
    public static async Task<TimeSpan> CopyOut(NpgsqlDataSource database, IReadOnlyCollection<string> types)
    {
        await using var connection = await database.OpenConnectionAsync();
        var started = Stopwatch.GetTimestamp();
        await using var export = await connection.BeginRawBinaryCopyAsync(
            $"""
            COPY (SELECT * FROM eventstore.events
                  WHERE type IN ({string.Join(", ", types.Select(type => $"'{type}'"))}) ORDER BY position)
            TO STDOUT (FORMAT binary)
            """);
        await export.CopyToAsync(Stream.Null, 1 << 16);
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>HSET of four fields, pipelined by the thousand.</summary>
    public static async Task<double> RedisPipeline(IDatabase redis)
    {
        HashEntry[] fields = [new("onHand", 1), new("reserved", 2), new("available", 3), new("position", 4)];
        var (written, started) = (0L, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(started) < Length)
        {
            await Task.WhenAll(
                Enumerable.Range(0, 1000).Select(number => redis.HashSetAsync($"limit/{number}", fields)));
            written += 1000;
        }

        return written / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Documents of a product's size to the bulk API, a thousand at a time, from one client.</summary>
    public static async Task<double> Bulk(string address)
    {
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        var (written, started) = (0L, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(started) < Length)
        {
            var lines = new StringBuilder();
            for (var number = 0; number < 1000; number++, written++)
            {
                lines.Append($$$"""{"index":{"_id":"{{{written}}}"}}""").Append('\n').Append(
                    $$"""{"tenant":"bench","sku":"SKU-{{written}}","name":"Product number {{written}}","brand":"Daybird","category":"Toys","price":1.25}""")
                    .Append('\n');
            }

            using var content = new StringContent(lines.ToString(), Encoding.UTF8, "application/x-ndjson");
            using var answer = await http.PostAsync("limit/_bulk", content);
            answer.EnsureSuccessStatusCode();
        }

        var rate = written / Stopwatch.GetElapsedTime(started).TotalSeconds;
        using var removed = await http.DeleteAsync("limit");
        return rate;
    }
}
