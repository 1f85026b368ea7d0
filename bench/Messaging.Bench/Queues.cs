using RabbitMQ.Client;

namespace Messaging.Bench;

/// <summary>The queues that are filled and emptied.</summary>
internal static class Queues
{
    /// <summary>Declares the queue and exchange of an endpoint, as its installer does.</summary>
    public static async Task Declare(this IConnection connection, string queue)
    {
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true);
        await channel.QueueBindAsync(queue, queue, "");
    }

    public static async Task Delete(this IConnection connection, string queue)
    {
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(queue);
        await channel.ExchangeDeleteAsync(queue);
    }
}
