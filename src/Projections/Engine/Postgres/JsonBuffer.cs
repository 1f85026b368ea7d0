using System.Buffers;
using System.Text.Json;

namespace Projections.Engine.Postgres;

/// <summary>Holds the JSON of one value at a time, in the same memory. Not for concurrent use.</summary>
internal sealed class JsonBuffer : IDisposable
{
    private readonly ArrayBufferWriter<byte> bytes = new(4096);
    private readonly Utf8JsonWriter writer;

    public JsonBuffer() => writer = new Utf8JsonWriter(bytes);

    /// <returns>UTF-8, until the next value is written.</returns>
    public ReadOnlyMemory<byte> Write<TValue>(TValue value)
    {
        bytes.ResetWrittenCount();
        writer.Reset();
        JsonSerializer.Serialize(writer, value, JsonSerializerOptions.Web);
        return bytes.WrittenMemory;
    }

    public void Dispose() => writer.Dispose();
}
