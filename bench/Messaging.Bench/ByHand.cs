using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Messaging.Bench;

/// <summary>
/// What <see cref="StoresOrders"/> does, written by hand for this one message and with nothing asked of it but to be
/// fast: inbox, stream, event and outgoing message are one batch that is one round trip and one transaction; then the
/// message is published and the delivery acknowledged. What it leaves out: whether the message was handled before is not
/// looked up, versions and repetitions are not checked, readers of the log learn nothing, the outbox is not marked.
/// </summary>
internal sealed class ByHand(Ground ground, FigureTable table, Arguments arguments)
{
    private const string Queue = "Bench.byhand";
    private const string Exchange = "Bench.byhand.placed";
    private const int WarmUp = 8_000;
    private const int MostPerSecond = 6_000;

    private const string Tables = """
        create table raw_inbox (id varchar(200) primary key, at timestamptz not null, operations jsonb not null);
        create table raw_streams (like eventstore.streams including all);
        create table raw_events (like eventstore.events including all);
        """;

    private const string InsertInbox = "insert into raw_inbox values ($1, now(), $2)";

    private const string InsertEvent = """
        with stream as (
            insert into raw_streams (stream, version, above) values ($1, 1, 0) returning id)
        insert into raw_events (
            stream_id, version, decided_at, event_id, command_id, schema_version, stream, type, tenant, data)
        select id, 1, now(), $2, $2, 1, $1, 'order-placed', 'bench', $3 from stream
        """;

    private readonly Progress progress = new();

    public async Task Measure()
    {
        await using (var create = ground.Source.CreateCommand(Tables))
            await create.ExecuteNonQueryAsync();
        await ground.Connection.Declare(Queue);
        await ground.Fill(Queue, WarmUp + (int)(MostPerSecond * arguments.Length.TotalSeconds));
        var concurrency = arguments.Concurrencies[^1];
        await using (var outgoing = await ground.Connection.CreateChannelAsync(new CreateChannelOptions(
            publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true)))
        await using (var incoming = await ground.Connection.CreateChannelAsync(new CreateChannelOptions(
            publisherConfirmationsEnabled: false,
            publisherConfirmationTrackingEnabled: false,
            consumerDispatchConcurrency: (ushort)concurrency)))
        {
            await outgoing.ExchangeDeclareAsync(Exchange, ExchangeType.Fanout, durable: true);
            await incoming.BasicQosAsync(0, (ushort)(concurrency * 2), global: false);
            var consumer = new AsyncEventingBasicConsumer(incoming);
            consumer.ReceivedAsync += (_, delivery) => Handle(delivery, incoming, outgoing);
            await incoming.BasicConsumeAsync(Queue, autoAck: false, consumer);
            await progress.Reach(WarmUp, TimeSpan.FromMinutes(2));
            var (start, before) = (Spent.Now(), progress.Handled);
            await Task.Delay(arguments.Length);
            var (end, handled) = (Spent.Now(), progress.Handled - before);
            var rate = handled / Stopwatch.GetElapsedTime(start.Timestamp, end.Timestamp).TotalSeconds;
            table.Add(new Figure(
                $"the same by hand, {concurrency} at once", rate, table.Share(rate, RawLimits.Consume),
                end.Since(start, handled)));
        }

        await ground.Connection.Delete(Queue);
    }

    private async Task Handle(BasicDeliverEventArgs delivery, IChannel incoming, IChannel outgoing)
    {
        var order = JsonSerializer.Deserialize<PlaceOrder>(delivery.Body.Span)!;
        var id = delivery.BasicProperties.MessageId!;
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new OrderPlaced(order.OrderId, order.Customer, order.Sku, order.Quantity, order.Total));
        var properties = new BasicProperties(delivery.BasicProperties) { MessageId = Guid.CreateVersion7().ToString() };
        var headers = delivery.BasicProperties.Headers!.ToDictionary(
            header => header.Key, header => Encoding.UTF8.GetString((byte[])header.Value!));
        var operations = JsonSerializer.SerializeToUtf8Bytes(
            new[] { new { properties.MessageId, Body = Convert.ToBase64String(body), Headers = headers } });
        await Store(id, $"order-{order.OrderId}", body, operations);
        await outgoing.BasicPublishAsync(Exchange, "", mandatory: false, properties, body);
        await incoming.BasicAckAsync(delivery.DeliveryTag, multiple: false);
        progress.Add();
    }

    private async Task Store(string id, string stream, byte[] data, byte[] operations)
    {
        await using var connection = await ground.Source.OpenConnectionAsync();
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(InsertInbox)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = id },
                new NpgsqlParameter<byte[]> { TypedValue = operations, NpgsqlDbType = NpgsqlDbType.Jsonb },
            },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(InsertEvent)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = stream },
                new NpgsqlParameter<Guid> { TypedValue = Guid.Parse(id) },
                new NpgsqlParameter<byte[]> { TypedValue = data, NpgsqlDbType = NpgsqlDbType.Json },
            },
        });
        await batch.PrepareAsync();
        await batch.ExecuteNonQueryAsync();
    }
}
