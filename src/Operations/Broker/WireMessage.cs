using System.Globalization;
using System.Text;
using RabbitMQ.Client;

namespace Operations.Broker;

/// <summary>Messages as AMQP properties and back; wire names and rules are those of the endpoints' transport.</summary>
internal static class WireMessage
{
    /// <summary>What the broker and the transport add to a message and what must not travel on with it.</summary>
    private static readonly HashSet<string> Internal = new(StringComparer.Ordinal)
    {
        "NServiceBus.Transport.RabbitMQ.DelayInSeconds", "NServiceBus.Transport.RabbitMQ.ConfirmationId",
        "x-death", "x-first-death-exchange", "x-first-death-queue", "x-first-death-reason", "x-delivery-count",
        "x-dotnet-pub-seq-no",
    };

    /// <summary>
    /// Headers of a delivery, completed from its properties where a plain AMQP client set only those.
    /// </summary>
    public static Dictionary<string, string> HeadersOf(IReadOnlyBasicProperties properties)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in properties.Headers ?? new Dictionary<string, object?>())
        {
            if (!Internal.Contains(name))
                headers[name] = Text(value);
        }

        Complete(properties.IsMessageIdPresent(), HeaderNames.MessageId, properties.MessageId);
        Complete(properties.IsReplyToPresent(), HeaderNames.ReplyToAddress, properties.ReplyTo);
        Complete(properties.IsCorrelationIdPresent(), HeaderNames.CorrelationId, properties.CorrelationId);
        Complete(properties.IsTypePresent(), HeaderNames.EnclosedMessageTypes, properties.Type);
        Complete(properties.IsContentTypePresent(), HeaderNames.ContentType, properties.ContentType);
        return headers;

        void Complete(bool present, string name, string? value)
        {
            if (present && value is { Length: > 0 })
                headers.TryAdd(name, value);
        }
    }

    /// <summary>The properties that these headers travel with.</summary>
    public static BasicProperties PropertiesOf(IReadOnlyDictionary<string, string> headers)
    {
        var properties = new BasicProperties
        {
            Persistent = true,
            MessageId = headers.GetValueOrDefault(HeaderNames.MessageId),
            ContentType = headers.GetValueOrDefault(HeaderNames.ContentType) ?? "application/octet-stream",
            Headers = headers.ToDictionary(header => header.Key, header => (object?)header.Value),
        };
        if (headers.TryGetValue(HeaderNames.CorrelationId, out var correlation))
            properties.CorrelationId = correlation;
        if (headers.TryGetValue(HeaderNames.ReplyToAddress, out var replyTo))
            properties.ReplyTo = replyTo;
        if (headers.TryGetValue(HeaderNames.EnclosedMessageTypes, out var types))
            properties.Type = types.Split(',', ';')[0];
        return properties;
    }

    private static string Text(object? value) => value switch
    {
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        null => "",
        IDictionary<string, object?> table => string.Join(',', table.Select(pair => $"{pair.Key}={Text(pair.Value)}")),
        IEnumerable<object?> list => string.Join(';', list.Select(Text)),
        AmqpTimestamp time => WireTime.Format(DateTimeOffset.FromUnixTimeSeconds(time.UnixTime)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
