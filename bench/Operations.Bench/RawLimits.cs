using System.Text.Json;
using Messaging.Bench;
using Npgsql;
using NpgsqlTypes;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Operations.Bench;

/// <summary>What the servers do with the same messages without Operations.</summary>
internal sealed class RawLimits(Ground ground, FigureTable table, int messages)
{
    public const string Publish = "raw publish";
    public const string Consume = "raw consume";
    public const string Insert = "raw insert of two rows, 200 messages a transaction";

    private const string Queue = "raw";
    private const int Batch = 200;

    public async Task Measure()
    {
        await ground.Connection.Declare(Queue);
        await ground.Publish(Queue, messages / 10);
        await Take(messages / 10);
        await Add(Publish, () => ground.Publish(Queue, messages));
        await Add(Consume, () => Take(messages));
        await ground.Connection.Delete(Queue);
        await Add(Insert, Store);
    }

    private async Task Add(string what, Func<Task> run)
    {
        var start = Spent.Now();
        await run();
        var end = Spent.Now();
        table.Add(new Figure(what, messages / end.SecondsSince(start), Cost: end.CostSince(start, messages)));
    }

    private async Task Take(int count)
    {
        await using var channel = await ground.Connection.CreateChannelAsync();
        await channel.BasicQosAsync(0, Batch, global: false);
        var taken = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            taken++;
            if (taken % (Batch / 2) == 0 || taken == count)
                await channel.BasicAckAsync(delivery.DeliveryTag, multiple: true);
            if (taken == count)
                all.TrySetResult();
        };
        await channel.BasicConsumeAsync(Queue, autoAck: false, consumer);
        await all.Task.WaitAsync(TimeSpan.FromMinutes(10));
    }

    /// <summary>A row to be found by, and one with headers and body, as little as a list of failures can do with.</summary>
    private async Task Store()
    {
        await using var database = NpgsqlDataSource.Create(ground.Database);
        await using var connection = await database.OpenConnectionAsync();
        await using (var create = new NpgsqlCommand(
            """
            create table raw_messages (id uuid primary key, failed_at timestamptz, type text, queue text);
            create table raw_contents (id uuid primary key, headers json, body bytea);
            """,
            connection))
        {
            await create.ExecuteNonQueryAsync();
        }

        for (var from = 0; from < messages; from += Batch)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using var batch = new NpgsqlBatch(connection, transaction);
            foreach (var number in Enumerable.Range(from, Math.Min(Batch, messages - from)))
                Add(batch, number);
            await batch.PrepareAsync();
            await batch.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
        }

        await using var drop = new NpgsqlCommand("drop table raw_messages, raw_contents", connection);
        await drop.ExecuteNonQueryAsync();
    }

    private static void Add(NpgsqlBatch batch, int number)
    {
        var (properties, body) = FailedMessage.Number(number);
        var id = FailedMessage.IdOf(number);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("insert into raw_messages values ($1, now(), $2, $3)")
        {
            Parameters =
            {
                new() { Value = id },
                new() { Value = (string)properties.Headers!["NServiceBus.EnclosedMessageTypes"]! },
                new() { Value = FailedMessage.Endpoint },
            },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("insert into raw_contents values ($1, $2, $3)")
        {
            Parameters =
            {
                new() { Value = id },
                new() { Value = JsonSerializer.Serialize(properties.Headers), NpgsqlDbType = NpgsqlDbType.Json },
                new() { Value = body },
            },
        });
    }
}
