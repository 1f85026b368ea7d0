using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Portable.Messaging.Transport;

namespace Portable.Messaging.Persistence.Sql;

/// <summary>Outgoing messages as the outbox stores them, in the form NServiceBus stores them in.</summary>
internal static class OutboxJson
{
    private const int LargestKept = 256 * 1024;

    // Written without a pause between, so one buffer per thread is enough.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? writer;

    public static byte[] Write(IReadOnlyList<OutgoingOperation> operations)
    {
        buffer ??= new ArrayBufferWriter<byte>(4096);
        var json = writer ??= new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        buffer.ResetWrittenCount();
        json.Reset();
        json.WriteStartArray();
        foreach (var operation in operations)
        {
            json.WriteStartObject();
            json.WriteString("MessageId"u8, operation.MessageId);
            json.WriteBase64String("Body"u8, operation.Body.Span);
            json.WriteStartObject("Headers"u8);
            foreach (var (name, value) in operation.Headers)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            WriteOptions(json, operation);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Flush();
        var written = buffer.WrittenSpan.ToArray();
        if (buffer.Capacity > LargestKept)
        {
            (buffer, writer) = (null, null);
        }

        return written;
    }

    public static List<OutgoingOperation> Read(byte[] stored)
    {
        using var json = JsonDocument.Parse(stored);
        return [.. json.RootElement.EnumerateArray().Select(Operation)];
    }

    private static void WriteOptions(Utf8JsonWriter json, OutgoingOperation operation)
    {
        json.WriteStartObject("Options"u8);
        if (operation.Destination is { } destination)
        {
            json.WriteString("Destination"u8, destination);
        }

        if (operation.EventType is { } type)
        {
            json.WriteString("EventType"u8, type.AssemblyQualifiedName);
        }

        if (operation.Delay is { } delay)
        {
            json.WriteString("DelayDeliveryFor"u8, delay.ToString());
        }

        if (operation.DueAt is { } due)
        {
            json.WriteString("DeliverAt"u8, DateTimeOffsetHelper.ToWireFormattedString(due));
        }

        if (operation.TimeToLive is { } timeToLive)
        {
            json.WriteString("TimeToBeReceived"u8, timeToLive.ToString());
        }

        json.WriteEndObject();
    }

    private static OutgoingOperation Operation(JsonElement stored)
    {
        var options = stored.GetProperty("Options");
        string? Option(string name) => options.TryGetProperty(name, out var value) ? value.GetString() : null;
        TimeSpan? Span(string name) =>
            Option(name) is { } value ? TimeSpan.Parse(value, CultureInfo.InvariantCulture) : null;
        var headers = new Dictionary<string, string>();
        foreach (var header in stored.GetProperty("Headers").EnumerateObject())
        {
            headers[header.Name] = header.Value.GetString() ?? "";
        }

        return new OutgoingOperation(
            stored.GetProperty("MessageId").GetString()!,
            headers,
            stored.TryGetProperty("Body", out var body) ? body.GetBytesFromBase64() : [])
        {
            Destination = Option("Destination"),
            EventType = Option("EventType") is { } type ? Type.GetType(type, throwOnError: true) : null,
            Delay = Span("DelayDeliveryFor"),
            TimeToLive = Span("TimeToBeReceived"),
            DueAt = Option("DeliverAt") is { } due ? DateTimeOffsetHelper.ToDateTimeOffset(due) : null,
        };
    }
}
