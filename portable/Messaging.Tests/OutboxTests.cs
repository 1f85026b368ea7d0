using System.Text;
using Npgsql;
using Portable.Messaging.Persistence.Sql;
using RabbitMQ.Client;
using Servers;

namespace Portable.Messaging.Tests;

public sealed class OutboxTests(TestServers servers)
{
    [Fact]
    public async Task What_a_crashed_process_committed_but_did_not_send_is_sent_with_the_same_ids()
    {
        await using var world = await World.Create(servers);
        await world.Execute("create table orders (id text primary key)");
        var sales = await world.Start("Sales", e => e.AddHandler<Sales>(), outbox: true);
        await world.Start("Shop", e => e.AddHandler<NotesOrders>());
        await sales.Session.SendLocal(new PlaceOrder("before", 1m), TestContext.Current.CancellationToken);
        await world.Recorder.Wait<OrderPlaced>();
        await World.Until(
            async () => await world.Query<bool>("""select bool_and("Dispatched") from sales."OutboxData" """),
            "the record is marked");

        // The state between commit and dispatch: the record is there, the message was not acknowledged.
        await world.Execute(
            """
            insert into sales."OutboxData" ("MessageId", "PersistenceVersion", "Operations")
            values ('crashed', '9.0.3', '[{"MessageId": "sent-once", "Body": "eyJPcmRlcklkIjoiY3Jhc2hlZCJ9",
                "Headers": {"NServiceBus.MessageId": "sent-once", "NServiceBus.MessageIntent": "Publish",
                    "NServiceBus.ContentType": "application/json",
                    "NServiceBus.EnclosedMessageTypes": "Portable.Messaging.Tests.OrderPlaced"},
                "Options": {"EventType": "Portable.Messaging.Tests.OrderPlaced, Portable.Messaging.Tests"}}]')
            """);
        await using (var channel = await world.Channel())
        {
            await channel.BasicPublishAsync(
                "Sales", "", mandatory: true,
                new BasicProperties { MessageId = "crashed", Type = typeof(PlaceOrder).FullName },
                Encoding.UTF8.GetBytes("""{"OrderId":"crashed","Total":1}"""),
                TestContext.Current.CancellationToken);
        }

        var events = await world.Recorder.Wait<OrderPlaced>(2);
        Assert.Equal("crashed", events[1].OrderId);
        Assert.Equal("sent-once", world.Recorder.Headers.Last()["NServiceBus.MessageId"]);
        Assert.Equal(1, await world.Query<long>("select count(*) from orders"));
        await World.Until(
            async () => await world.Query<string>(
                """select "Operations"::text from sales."OutboxData" where "MessageId" = 'crashed' and "Dispatched" """)
                == "[]",
            "the record is marked as dispatched");
    }

    [Fact]
    public async Task Expired_records_are_deleted_and_others_kept()
    {
        await using var world = await World.Create(servers);
        await world.Start("Sales", e => e.AddHandler<NotesCommands>(), outbox: true);
        await world.Execute(
            """
            insert into sales."OutboxData" ("MessageId", "Operations", "Dispatched", "DispatchedAt") values
                ('old', '[]', true, now() at time zone 'utc' - interval '8 days'),
                ('young', '[]', true, now() at time zone 'utc' - interval '6 days'),
                ('not dispatched', '[]', false, null)
            """);

        await world.Start(
            "SalesTwin",
            e =>
            {
                e.AddHandler<NotesCommands>();
                var outbox = e.EnableOutbox();
                outbox.RunDeduplicationDataCleanupEvery(TimeSpan.FromMilliseconds(100));
                var persistence = e.UsePersistence<SqlPersistence>();
                persistence.ConnectionBuilder(() => new NpgsqlConnection(world.Database));
                persistence.SqlDialect<SqlDialect.PostgreSql>().Schema("sales");
                persistence.TablePrefix("");
            });

        await World.Until(
            async () => await world.Query<long>("""select count(*) from sales."OutboxData" """) == 2,
            "the old record is deleted");
        Assert.Equal(
            "not dispatched,young",
            await world.Query<string>(
                """select string_agg("MessageId", ',' order by "MessageId") from sales."OutboxData" """));
    }

    private sealed class Sales(ISqlStorageSession storage) : IHandleMessages<PlaceOrder>
    {
        public async Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            await using var insert = new NpgsqlCommand(
                "insert into orders values ($1)",
                (NpgsqlConnection)storage.Connection,
                (NpgsqlTransaction)storage.Transaction);
            insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = message.OrderId });
            await insert.ExecuteNonQueryAsync(context.CancellationToken);
            Assert.Same(storage, context.SynchronizedStorageSession.SqlPersistenceSession());
            await context.Publish(new OrderPlaced(message.OrderId));
        }
    }

    private sealed class NotesOrders(Recorder recorder) : IHandleMessages<OrderPlaced>
    {
        public Task Handle(OrderPlaced message, IMessageHandlerContext context)
        {
            recorder.Note(message, context.MessageHeaders);
            return Task.CompletedTask;
        }
    }

    private sealed class NotesCommands(Recorder recorder) : IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            recorder.Note(message);
            return Task.CompletedTask;
        }
    }
}
