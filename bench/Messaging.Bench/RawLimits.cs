using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Messaging.Bench;

/// <summary>What the servers do without the engine.</summary>
internal sealed class RawLimits(Ground ground, FigureTable table, TimeSpan length)
{
    public const string Publish = "raw publish";
    public const string Consume = "raw consume";
    private const int Messages = 50_000;

    public static string Transactions(int clients) => $"raw transactions, {clients} clients";

    public async Task Measure()
    {
        const string queue = "raw";
        await ground.Connection.Declare(queue);
        await PublishAll(queue, 2_000);
        await ConsumeAll(queue, 2_000);
        var start = Spent.Now();
        await PublishAll(queue, Messages);
        Add(Publish, start, Messages);
        start = Spent.Now();
        await ConsumeAll(queue, Messages);
        Add(Consume, start, Messages);
        await ground.Connection.Delete(queue);

        await using var create = ground.Source.CreateCommand(
            "create table raw (id varchar(200) primary key, at timestamptz not null, body jsonb not null)");
        await create.ExecuteNonQueryAsync();
        foreach (var clients in new[] { 1, 16, 64 })
        {
            start = Spent.Now();
            Add(Transactions(clients), start, await Insert(clients));
        }
    }

    private void Add(string what, Spent start, long count)
    {
        var end = Spent.Now();
        var seconds = Stopwatch.GetElapsedTime(start.Timestamp, end.Timestamp).TotalSeconds;
        table.Add(new Figure(what, count / seconds, Cost: end.Since(start, count)));
    }

    private async Task PublishAll(string queue, int count)
    {
        await using var channel = await ground.Connection.CreateChannelAsync(new CreateChannelOptions(
            publisherConfirmationsEnabled: true,
            publisherConfirmationTrackingEnabled: false,
            outstandingPublisherConfirmationsRateLimiter: null));
        using var outstanding = new SemaphoreSlim(1024, 1024);
        var confirmed = 0UL;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.BasicAcksAsync += (_, e) =>
        {
            var count1 = e.Multiple ? e.DeliveryTag - confirmed : 1;
            confirmed = e.Multiple ? e.DeliveryTag : confirmed + 1;
            outstanding.Release((int)count1);
            if (confirmed >= (ulong)count)
            {
                all.TrySetResult();
            }

            return Task.CompletedTask;
        };
        var (properties, body) = Work.Order(queue, 1);
        for (var i = 0; i < count; i++)
        {
            await outstanding.WaitAsync();
            await channel.BasicPublishAsync(queue, "", mandatory: true, properties, body);
        }

        await all.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    private async Task ConsumeAll(string queue, int count)
    {
        const ushort prefetch = 300;
        await using var channel = await ground.Connection.CreateChannelAsync();
        await channel.BasicQosAsync(0, prefetch, global: false);
        var consumed = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            var done = ++consumed == count;
            if (consumed % (prefetch / 3) == 0 || done)
            {
                await channel.BasicAckAsync(delivery.DeliveryTag, multiple: true);
            }

            if (done)
            {
                all.TrySetResult();
            }
        };
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer);
        await all.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    private async Task<long> Insert(int clients)
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(InsertAlone)));
        return counts.Sum();
    }

    private async Task<long> InsertAlone()
    {
        var clock = Stopwatch.StartNew();
        await using var connection = await ground.Source.OpenConnectionAsync();
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("begin"));
        var insert = new NpgsqlBatchCommand("insert into raw values ($1, now(), $2)");
        var id = new NpgsqlParameter<string>();
        insert.Parameters.Add(id);
        insert.Parameters.Add(new NpgsqlParameter<string>
        {
            TypedValue = """{"OrderId":"0199a1b2-c3d4-7e5f-8a6b-9c0d1e2f3a4b","Customer":"customer-17","Total":112.5}""",
            NpgsqlDbType = NpgsqlDbType.Jsonb,
        });
        batch.BatchCommands.Add(insert);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        id.TypedValue = "prepare";
        await batch.PrepareAsync();
        var count = 0L;
        while (clock.Elapsed < length)
        {
            id.TypedValue = Guid.CreateVersion7().ToString();
            await batch.ExecuteNonQueryAsync();
            count++;
        }

        return count;
    }
}
