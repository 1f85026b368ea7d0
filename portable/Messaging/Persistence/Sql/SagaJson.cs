using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Portable.Messaging.Persistence.Sql;

/// <summary>Saga data as JSON, without what has columns of its own.</summary>
internal static class SagaJson
{
    private static readonly string[] InColumns =
        [nameof(IContainSagaData.Id), nameof(IContainSagaData.Originator), nameof(IContainSagaData.OriginalMessageId)];

    private static readonly ConcurrentDictionary<Type, JsonTypeInfo> Metadata = [];

    private static readonly JsonSerializerOptions Options = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutColumns } },
    };

    public static byte[] Write(IContainSagaData data) =>
        JsonSerializer.SerializeToUtf8Bytes(data, MetadataOf(data.GetType()));

    public static IContainSagaData Read(byte[] json, Type type) =>
        (IContainSagaData)JsonSerializer.Deserialize(json, MetadataOf(type))!;

    private static JsonTypeInfo MetadataOf(Type type) => Metadata.GetOrAdd(type, Options.GetTypeInfo);

    private static void LeaveOutColumns(JsonTypeInfo type)
    {
        if (!typeof(IContainSagaData).IsAssignableFrom(type.Type))
        {
            return;
        }

        foreach (var property in type.Properties.Where(p => InColumns.Contains(p.Name)))
        {
            property.ShouldSerialize = (_, _) => false;
        }
    }
}
