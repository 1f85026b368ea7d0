using System.Buffers;
using System.Globalization;
using System.Text;
using RabbitMQ.Client;

namespace Portable.Messaging.Transport;

/// <summary>Messages as AMQP properties and back.</summary>
internal static class WireProperties
{
    private const string DeliveryCountHeader = "x-delivery-count";

    // What the broker, the client library and this transport add: it must not travel on with a message.
    private static readonly SearchValues<string> Internal = SearchValues.Create(
        [
            DelayLevels.Header, "x-death", "x-first-death-exchange", "x-first-death-queue", "x-first-death-reason",
            "NServiceBus.Transport.RabbitMQ.ConfirmationId", "x-dotnet-pub-seq-no", DeliveryCountHeader,
        ],
        StringComparison.Ordinal);

    public static BasicProperties Of(OutgoingOperation operation, int? delaySeconds)
    {
        if (operation.RawProperties is { } raw)
        {
            return raw;
        }

        var headers = new Dictionary<string, object?>(operation.Headers.Count + 1);
        foreach (var (name, value) in operation.Headers)
        {
            headers[name] = value;
        }

        var properties = new BasicProperties
        {
            MessageId = operation.MessageId,
            Persistent = true,
            Headers = headers,
            ContentType = operation.Headers.GetValueOrDefault(Headers.ContentType) ?? "application/octet-stream",
        };
        if (operation.TimeToLive is { } timeToLive)
        {
            properties.Expiration = timeToLive.TotalMilliseconds.ToString(CultureInfo.InvariantCulture);
        }

        if (delaySeconds is { } seconds)
        {
            headers[DelayLevels.Header] = seconds;
        }

        if (operation.Headers.TryGetValue(Headers.CorrelationId, out var correlationId))
        {
            properties.CorrelationId = correlationId;
        }

        if (operation.Headers.TryGetValue(Headers.EnclosedMessageTypes, out var types))
        {
            var comma = types.IndexOf(',', StringComparison.Ordinal);
            properties.Type = comma < 0 ? types : types[..comma];
        }

        if (operation.Headers.TryGetValue(Headers.ReplyToAddress, out var replyTo))
        {
            properties.ReplyTo = replyTo;
        }

        return properties;
    }

    /// <summary>Properties as they came, without what the queue they were in has added.</summary>
    public static BasicProperties Raw(IReadOnlyBasicProperties properties)
    {
        var raw = new BasicProperties(properties);
        if (raw.Headers is { } headers)
        {
            raw.Headers = headers.Where(h => h.Key != DeliveryCountHeader).ToDictionary();
        }

        return raw;
    }

    /// <summary>Headers of a delivery, completed from its properties, so that a plain AMQP client needs no
    /// headers.</summary>
    public static Dictionary<string, string> HeadersOf(IReadOnlyBasicProperties properties)
    {
        var headers = new Dictionary<string, string>((properties.Headers?.Count ?? 0) + 5);
        if (properties.Headers is { } wire)
        {
            foreach (var (name, value) in wire)
            {
                if (!Internal.Contains(name))
                {
                    headers[name] = Text(value);
                }
            }
        }

        if (properties.IsReplyToPresent())
        {
            headers[Headers.ReplyToAddress] = properties.ReplyTo ?? "";
        }

        if (properties.IsCorrelationIdPresent())
        {
            headers[Headers.CorrelationId] = properties.CorrelationId ?? "";
        }

        if (properties.IsTypePresent() && !headers.ContainsKey(Headers.EnclosedMessageTypes))
        {
            headers[Headers.EnclosedMessageTypes] = properties.Type ?? "";
        }

        if (properties.IsContentTypePresent())
        {
            headers[Headers.ContentType] = properties.ContentType ?? "";
        }

        return headers;
    }

    /// <summary>How often a quorum queue has delivered the message before.</summary>
    public static int EarlierDeliveries(IReadOnlyBasicProperties properties) =>
        properties.Headers is { } headers && headers.TryGetValue(DeliveryCountHeader, out var count)
            ? Convert.ToInt32(count, CultureInfo.InvariantCulture)
            : 0;

    private static string Text(object? value) => value switch
    {
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        null => "",
        IDictionary<string, object?> table => string.Join(',', table.Select(p => $"{p.Key}={Text(p.Value)}")),
        IEnumerable<object?> list => string.Join(';', list.Select(Text)),
        AmqpTimestamp time =>
            DateTimeOffsetHelper.ToWireFormattedString(DateTimeOffset.FromUnixTimeSeconds(time.UnixTime)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
