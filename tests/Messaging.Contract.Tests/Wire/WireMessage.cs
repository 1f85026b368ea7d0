using System.Text.RegularExpressions;
using RabbitMQ.Client;

namespace Messaging.Contract.Tests.Wire;

/// <summary>
/// A message as a broker's client sees it, with names in place of what differs from run to run: ids become
/// <c>{id-1}</c>, <c>{id-2}</c>, … in order of appearance, so that equal ids stay equal.
/// </summary>
public sealed record WireMessage(
    string Name,
    string Exchange,
    string RoutingKey,
    SortedDictionary<string, string> Properties,
    SortedDictionary<string, string> Headers,
    string Body)
{
    /// <summary>What is recorded of a message.</summary>
    /// <param name="names">Names of the values seen so far; new ones are added.</param>
    internal static WireMessage Of(string name, BasicGetResult message, WireNames names)
    {
        var from = message.BasicProperties;
        var properties = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in message.Texts().OrderBy(header => header.Key, StringComparer.Ordinal))
            headers[key] = names.Of(key, value);
        foreach (var (key, value) in from.Headers ?? new Dictionary<string, object?>())
        {
            if (value is int number)
                headers[key] = FormattableString.Invariant($"{number} (int32)");
            else if (value is not byte[] && !key.StartsWith("x-", StringComparison.Ordinal))
                headers[key] = $"({value?.GetType().Name})";
        }

        Add("message_id", from.MessageId);
        Add("correlation_id", from.CorrelationId);
        Add("type", from.Type);
        Add("content_type", from.ContentType);
        Add("content_encoding", from.ContentEncoding);
        Add("reply_to", from.ReplyTo);
        Add("expiration", from.Expiration);
        Add("app_id", from.AppId);
        Add("user_id", from.UserId);
        Add("delivery_mode", from.DeliveryMode.ToString());
        Add("priority", from.IsPriorityPresent() ? $"{from.Priority}" : null);
        Add("timestamp", from.IsTimestampPresent() ? "{time}" : null);
        return new WireMessage(
            name, message.Exchange, message.RoutingKey, properties, headers, names.OfIds(message.Text()));

        void Add(string key, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                properties[key] = names.OfIds(value);
        }
    }

    /// <summary>The properties and headers as a sender would set them.</summary>
    /// <param name="values">Values of the names; ids that it lacks are made up.</param>
    internal BasicProperties ToProperties(Dictionary<string, string> values)
    {
        string Filled(string text) => Regex.Replace(text, @"\{[a-z0-9-]+\}", match =>
        {
            if (!values.TryGetValue(match.Value, out var value))
                values.Add(match.Value, value = WireNames.Sample(match.Value));
            return value;
        });

        return new BasicProperties
        {
            MessageId = Filled(Properties["message_id"]),
            CorrelationId = Filled(Properties.GetValueOrDefault("correlation_id", "")),
            Type = Properties["type"],
            ContentType = Properties["content_type"],
            ReplyTo = Properties.GetValueOrDefault("reply_to"),
            DeliveryMode = DeliveryModes.Persistent,
            Headers = Headers.ToDictionary(
                header => header.Key,
                header => header.Value.EndsWith(" (int32)", StringComparison.Ordinal)
                    ? (object?)int.Parse(header.Value.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)
                    : Filled(header.Value)),
        };
    }
}
