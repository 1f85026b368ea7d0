using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Portable.Messaging.Serialization;

/// <summary>Messages as JSON with the property names as declared. Type metadata is resolved once.</summary>
internal sealed class MessageSerializer
{
    private readonly ConcurrentDictionary<Type, JsonTypeInfo> metadata = [];
    private readonly JsonSerializerOptions options;

    public MessageSerializer(JsonSerializerOptions? options)
    {
        this.options = options ?? new JsonSerializerOptions();
        this.options.MakeReadOnly(populateMissingResolver: true);
    }

    public byte[] Serialize(object message) =>
        JsonSerializer.SerializeToUtf8Bytes(message, MetadataOf(message.GetType()));

    /// <exception cref="JsonException">The bytes are no JSON of that type.</exception>
    public object Deserialize(ReadOnlySpan<byte> body, Type type) =>
        JsonSerializer.Deserialize(body, MetadataOf(type))
            ?? throw new JsonException($"The body is 'null' instead of a {type.Name}.");

    private JsonTypeInfo MetadataOf(Type type) => metadata.GetOrAdd(type, options.GetTypeInfo);
}
