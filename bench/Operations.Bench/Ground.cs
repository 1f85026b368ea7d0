using RabbitMQ.Client;
using Servers;

namespace Operations.Bench;

/// <summary>Private servers, and queues on them.</summary>
internal sealed class Ground : IAsyncDisposable
{
    private const int Unconfirmed = 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly TestServers servers = new();

    private Ground()
    {
    }

    public string Database { get; private set; } = "";

    public string Broker { get; private set; } = "";

    public IConnection Connection { get; private set; } = null!;

    public static async Task<Ground> Create()
    {
        System.Console.Error.WriteLine("Starting PostgreSQL and RabbitMQ …");
        var ground = new Ground();
        ground.Database = await ground.servers.NewDatabase(CancellationToken.None);
        ground.Broker = (await ground.servers.RabbitMQ(CancellationToken.None)).ConnectionString;
        ground.Connection =
            await new ConnectionFactory { Uri = new Uri(ground.Broker) }.CreateConnectionAsync();
        return ground;
    }

    /// <summary>Waits until a queue holds so many messages.</summary>
    public async Task Until(string queue, uint count)
    {
        await using var channel = await Connection.CreateChannelAsync();
        using var limit = new CancellationTokenSource(Patience);
        while (await channel.MessageCountAsync(queue, limit.Token) != count)
            await Task.Delay(50, limit.Token);
    }

    /// <summary>Publishes failed messages, the broker's confirmations following in batches.</summary>
    public Task Publish(string queue, int count) => Publish(queue, count, FailedMessage.Number);

    /// <inheritdoc cref="Publish(string, int)"/>
    public async Task Publish(string queue, int count, Func<int, (BasicProperties, byte[])> message)
    {
        await using var channel = await Connection.CreateChannelAsync(new CreateChannelOptions(
            publisherConfirmationsEnabled: true,
            publisherConfirmationTrackingEnabled: false,
            outstandingPublisherConfirmationsRateLimiter: null));
        using var outstanding = new SemaphoreSlim(Unconfirmed, Unconfirmed);
        var confirmed = 0UL;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.BasicAcksAsync += (_, answer) =>
        {
            var more = answer.Multiple ? answer.DeliveryTag - confirmed : 1;
            confirmed += more;
            outstanding.Release((int)more);
            if (confirmed >= (ulong)count)
                all.TrySetResult();
            return Task.CompletedTask;
        };
        for (var number = 0; number < count; number++)
        {
            await outstanding.WaitAsync();
            var (properties, body) = message(number);
            await channel.BasicPublishAsync(queue, "", mandatory: true, properties, body);
        }

        await all.Task.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await servers.DisposeAsync();
    }
}
