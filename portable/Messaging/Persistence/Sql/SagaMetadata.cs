using System.Text.Json;

namespace Portable.Messaging.Persistence.Sql;

/// <summary>Who started a saga, as its row keeps it.</summary>
internal static class SagaMetadata
{
    public static string Write(IContainSagaData data)
    {
        var metadata = new Dictionary<string, string>(2);
        if (data.OriginalMessageId is { } messageId)
        {
            metadata[nameof(data.OriginalMessageId)] = messageId;
        }

        if (data.Originator is { } originator)
        {
            metadata[nameof(data.Originator)] = originator;
        }

        return JsonSerializer.Serialize(metadata);
    }

    public static void Read(string stored, IContainSagaData data)
    {
        var metadata = JsonSerializer.Deserialize<Dictionary<string, string>>(stored)!;
        data.OriginalMessageId = metadata.GetValueOrDefault(nameof(data.OriginalMessageId));
        data.Originator = metadata.GetValueOrDefault(nameof(data.Originator));
    }
}
