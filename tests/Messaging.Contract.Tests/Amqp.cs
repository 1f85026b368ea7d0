using System.Text;
using RabbitMQ.Client;

namespace Messaging.Contract.Tests;

/// <summary>Reads raw messages.</summary>
internal static class Amqp
{
    /// <summary>The headers that are text; the delay and what the broker adds are not.</summary>
    public static Dictionary<string, string> Texts(this BasicGetResult message) =>
        (message.BasicProperties.Headers ?? new Dictionary<string, object?>())
            .Where(header => header.Value is byte[])
            .ToDictionary(header => header.Key, header => Encoding.UTF8.GetString((byte[])header.Value!));

    public static string Text(this BasicGetResult message) => Encoding.UTF8.GetString(message.Body.Span);
}
