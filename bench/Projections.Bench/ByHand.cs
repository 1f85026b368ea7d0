using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Projections.Bench;

/// <summary>
/// Order details filled by code written for this one model and nothing else: what two processors have for it. It reads
/// four columns of the events that the model takes, in one COPY; looks for a few members in their JSON without making
/// events of them; folds into mutable rows; and writes those in one COPY into a table of the same definition. It does
/// not open sealed members, look at streams, park, report, keep a checkpoint or bound its memory.
/// </summary>
internal static class ByHand
{
    private static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <param name="table">The table of a build of order details.</param>
    public static async Task<TimeSpan> OrderDetails(
        NpgsqlDataSource log, NpgsqlDataSource readModels, IReadOnlyCollection<string> types, string table)
    {
        await using var target = await readModels.OpenConnectionAsync();
        var filled = await Limits.CreateLike(target, table);
        var started = Stopwatch.GetTimestamp();
        var orders = await Fold(log, types);
        await Write(target, filled, orders.Values);
        return Stopwatch.GetElapsedTime(started);
    }

    private static async Task<Dictionary<Guid, Order>> Fold(NpgsqlDataSource log, IReadOnlyCollection<string> types)
    {
        var orders = new Dictionary<Guid, Order>();
        await using var connection = await log.OpenConnectionAsync();
        await using var export = await connection.BeginRawBinaryCopyAsync(
            $"""
            COPY (SELECT position, type, decided_at, data FROM eventstore.events
                  WHERE type IN ({string.Join(", ", types.Select(type => $"'{type}'"))}) ORDER BY position)
            TO STDOUT (FORMAT binary)
            """);
        var pipe = PipeReader.Create(export, new StreamPipeReaderOptions(bufferSize: 1 << 17));
        var head = await pipe.ReadAtLeastAsync(19);
        pipe.AdvanceTo(head.Buffer.GetPosition(19));
        while (true)
        {
            var read = await pipe.ReadAsync();
            var rest = read.Buffer;
            while (TakeRow(ref rest, orders))
            {
            }

            pipe.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
                return orders;
        }
    }

    /// <returns>False: the row is not there as a whole yet, or was the last.</returns>
    private static bool TakeRow(ref ReadOnlySequence<byte> rest, Dictionary<Guid, Order> orders)
    {
        var reader = new SequenceReader<byte>(rest);
        if (!reader.TryReadBigEndian(out short count) || count < 0)
            return false;
        Span<(long Begin, int Length)> fields = stackalloc (long, int)[4];
        for (var i = 0; i < fields.Length; i++)
        {
            if (!reader.TryReadBigEndian(out int length) || reader.Remaining < length)
                return false;
            fields[i] = (reader.Consumed, length);
            reader.Advance(length);
        }

        var bytes = reader.Consumed;
        var row = rest.Slice(0, bytes);
        var rented = row.IsSingleSegment ? null : ArrayPool<byte>.Shared.Rent((int)bytes);
        if (rented is not null)
            row.CopyTo(rented);
        var span = rented is null ? row.FirstSpan : rented.AsSpan(0, (int)bytes);
        var (position, at) = (Number(span, fields[0].Begin), Number(span, fields[2].Begin));
        Take(
            position, span.Slice((int)fields[1].Begin, fields[1].Length), at,
            span.Slice((int)fields[3].Begin, fields[3].Length), orders);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        rest = rest.Slice(bytes);
        return true;
    }

    private static long Number(ReadOnlySpan<byte> row, long begin) =>
        BinaryPrimitives.ReadInt64BigEndian(row[(int)begin..]);

    private static void Take(
        long position, ReadOnlySpan<byte> type, long at, ReadOnlySpan<byte> data, Dictionary<Guid, Order> orders)
    {
        Utf8Parser.TryParse(Text(data, "\"orderId\":\""u8), out Guid id, out _);
        if (type.SequenceEqual("order-placed"u8))
            orders[id] = new Order(id, data.ToArray(), at);
        var order = orders[id];
        order.Position = position;
        var step = Encoding.UTF8.GetString(type.StartsWith("order-"u8) ? type[6..] : type);
        var detail = Text(data, "\"trackingNumber\":\""u8);
        if (detail.IsEmpty)
            detail = Text(data, "\"reason\":\""u8);
        order.History.Add((step, at, detail.IsEmpty ? null : Encoding.UTF8.GetString(detail)));
        if (type.StartsWith("order-"u8))
            order.Status = step;
        if (step == "shipped")
            order.TrackingNumber = order.History[^1].Detail;
    }

    /// <summary>The text behind a name, up to the next quote; these have none inside.</summary>
    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> data, ReadOnlySpan<byte> name)
    {
        var begin = data.IndexOf(name);
        if (begin < 0)
            return [];
        var text = data[(begin + name.Length)..];
        return text[..text.IndexOf((byte)'"')];
    }

    private static async Task Write(NpgsqlConnection connection, string table, IReadOnlyCollection<Order> orders)
    {
        var json = new ArrayBufferWriter<byte>();
        await using var import = await connection.BeginBinaryImportAsync(
            $"""
            COPY {table} (tenant, order_id, customer_id, status, lines, total, currency, address, tracking_number,
                          history, placed_at, position)
            FROM STDIN (FORMAT binary)
            """);
        foreach (var order in orders)
        {
            using var placed = JsonDocument.Parse(order.Placed);
            var root = placed.RootElement;
            await import.StartRowAsync();
            await import.WriteAsync(root.GetProperty("tenant").GetString()!, NpgsqlDbType.Text);
            await import.WriteAsync(order.Id, NpgsqlDbType.Uuid);
            await import.WriteAsync(root.GetProperty("customerId").GetString()!, NpgsqlDbType.Text);
            await import.WriteAsync(order.Status, NpgsqlDbType.Text);
            await import.WriteAsync(root.GetProperty("lines").GetRawText(), NpgsqlDbType.Jsonb);
            await import.WriteAsync(
                root.GetProperty("total").GetProperty("amount").GetDecimal(), NpgsqlDbType.Numeric);
            await import.WriteAsync(
                root.GetProperty("total").GetProperty("currency").GetString()!, NpgsqlDbType.Text);
            await import.WriteAsync(root.GetProperty("shippingAddress").GetRawText(), NpgsqlDbType.Jsonb);
            if (order.TrackingNumber is { } number)
                await import.WriteAsync(number, NpgsqlDbType.Text);
            else
                await import.WriteNullAsync();
            json.ResetWrittenCount();
            History(order, json);
            await import.WriteAsync(json.WrittenSpan.ToArray(), NpgsqlDbType.Jsonb);
            await import.WriteAsync(Epoch.AddMicroseconds(order.PlacedAt), NpgsqlDbType.TimestampTz);
            await import.WriteAsync(order.Position, NpgsqlDbType.Bigint);
        }

        await import.CompleteAsync();
    }

    private static void History(Order order, ArrayBufferWriter<byte> json)
    {
        using var writer = new Utf8JsonWriter(json);
        writer.WriteStartArray();
        foreach (var (step, at, detail) in order.History)
        {
            writer.WriteStartObject();
            writer.WriteString("step"u8, step);
            writer.WriteString("at"u8, Epoch.AddMicroseconds(at));
            writer.WriteString("detail"u8, detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <param name="Placed">The data of the event that placed it.</param>
    /// <param name="PlacedAt">Microseconds since 2000, as PostgreSQL has it.</param>
    private sealed record Order(Guid Id, byte[] Placed, long PlacedAt)
    {
        public string Status { get; set; } = "placed";

        public string? TrackingNumber { get; set; }

        public long Position { get; set; }

        public List<(string Step, long At, string? Detail)> History { get; } = new(10);
    }
}
