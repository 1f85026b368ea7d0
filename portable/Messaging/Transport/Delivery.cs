using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Portable.Messaging.Transport;

/// <summary>A message as the broker pushed it, with the channel to acknowledge it on.</summary>
internal sealed class Delivery(
    IChannel channel,
    ulong tag,
    bool redelivered,
    string exchange,
    string routingKey,
    IReadOnlyBasicProperties properties,
    byte[] body)
{
    public IReadOnlyBasicProperties Properties { get; } = properties;

    public ReadOnlyMemory<byte> Body => body;

    /// <summary>Failures of this message so far, counting the one at hand.</summary>
    public int Attempts => 1 + (redelivered ? WireProperties.EarlierDeliveries(Properties) : 0);

    /// <summary>As the client library knows it, for strategies of one's own.</summary>
    public BasicDeliverEventArgs ToEventArgs() => new("", tag, redelivered, exchange, routingKey, Properties, body);

    /// <summary>Removes it from the queue. False when the channel is gone: the broker delivers it again.</summary>
    public Task<bool> Acknowledge() => Settle(static (c, t) => c.BasicAckAsync(t, multiple: false));

    /// <summary>Puts it back. False when the channel is gone: the broker has put it back already.</summary>
    public Task<bool> Requeue() => Settle(static (c, t) => c.BasicRejectAsync(t, requeue: true));

    private async Task<bool> Settle(Func<IChannel, ulong, ValueTask> settle)
    {
        if (!channel.IsOpen)
        {
            return false;
        }

        try
        {
            await settle(channel, tag);
            return true;
        }
        catch (Exception e) when (
            e is RabbitMQ.Client.Exceptions.OperationInterruptedException or ObjectDisposedException or IOException)
        {
            return false;
        }
    }
}
