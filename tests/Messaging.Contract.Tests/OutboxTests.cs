using System.Globalization;
using Servers;

namespace Messaging.Contract.Tests;

public sealed class OutboxTests(TestServers servers)
{
    [Fact]
    public async Task A_message_that_comes_many_times_at_once_has_one_effect_and_sends_one_message()
    {
        await using var stage = await Stage.Set(servers);
        await stage.Execute("create table orders (id text)");
        await stage.Start(
            "Sales",
            e =>
            {
                e.AddHandler<Stores>();
                e.LimitMessageProcessingConcurrencyTo(4);
                // Some of the twins fail where another was first, and are tried again.
                e.Recoverability().Immediate(immediate => immediate.NumberOfRetries(20));
            },
            stored: true);
        var shop = await stage.Start("Shop", e => e.AddHandler<Hears>());

        await Task.WhenAll(Enumerable.Range(0, 100).Select(n =>
        {
            var options = new SendOptions();
            options.SetMessageId(string.Create(CultureInfo.InvariantCulture, $"order-{n % 10}"));
            return shop.Send(new PlaceOrder(string.Create(CultureInfo.InvariantCulture, $"{n % 10}"), 1m), options);
        }));

        await Poll.Until(
            async () => await stage.Waiting("Sales") == 0
                && await stage.Query<long>("""select count(*) from sales."OutboxData" where "Dispatched" """) == 10,
            "all are handled");
        var notes = await stage.Notes.Wait(10);
        Assert.Equal(10, await stage.Query<long>("select count(*) from orders"));
        Assert.Equal(10, notes.Select(n => n.MessageId).Distinct().Count());
        Assert.Equal(0, await stage.Waiting("error"));
    }

    [Fact]
    public async Task Effects_and_messages_of_all_handlers_commit_together_or_not_at_all()
    {
        await using var stage = await Stage.Set(servers);
        await stage.Execute("create table orders (id text)");
        var sales = await stage.Start(
            "Sales",
            e =>
            {
                e.AddHandler<Stores>();
                e.AddHandler<RefusesBad>();
                e.Recoverability().Immediate(immediate => immediate.NumberOfRetries(1));
            },
            stored: true);
        await stage.Start("Shop", e => e.AddHandler<Hears>());

        await sales.SendLocal(new PlaceOrder("bad", 1m));
        await stage.Take("error");
        await sales.SendLocal(new PlaceOrder("good", 1m));

        Assert.Equal("good", Assert.Single(await stage.Notes.Wait()).Text);
        Assert.Equal("good", await stage.Query<string>("select string_agg(id, ' ') from orders"));
        Assert.Equal(1, await stage.Query<long>("""select count(*) from sales."OutboxData" """));
    }

    [Fact]
    public async Task A_callback_runs_before_the_commit_and_can_prevent_it()
    {
        await using var stage = await Stage.Set(servers);
        await stage.Execute("create table orders (id text)");
        var sales = await stage.Start(
            "Sales",
            e =>
            {
                e.AddHandler<StoresAtTheEnd>();
                e.Recoverability().Immediate(immediate => immediate.NumberOfRetries(0));
            },
            stored: true);

        await sales.SendLocal(new PlaceOrder("bad", 1m));
        await stage.Take("error");
        await sales.SendLocal(new PlaceOrder("good", 1m));

        await Poll.Until(
            async () => await stage.Query<long>("select count(*) from orders") == 1, "the order is stored");
        Assert.Equal("good", await stage.Query<string>("select string_agg(id, ' ') from orders"));
    }

    [Fact]
    public async Task Without_the_outbox_the_transaction_still_covers_the_effects()
    {
        await using var stage = await Stage.Set(servers);
        await stage.Execute("create table orders (id text)");
        var sales = await stage.Start(
            "Sales",
            e =>
            {
                e.AddHandler<Stores>();
                e.AddHandler<RefusesBad>();
                e.Recoverability().Immediate(immediate => immediate.NumberOfRetries(1));
            },
            stored: true,
            outbox: false);
        await stage.Start("Shop", e => e.AddHandler<Hears>());

        await sales.SendLocal(new PlaceOrder("bad", 1m));
        await stage.Take("error");
        await sales.SendLocal(new PlaceOrder("good", 1m));

        Assert.Equal("good", Assert.Single(await stage.Notes.Wait()).Text);
        Assert.Equal("good", await stage.Query<string>("select string_agg(id, ' ') from orders"));
    }

    private static async Task Insert(ISqlStorageSession session, string order, CancellationToken cancellationToken)
    {
        await using var insert = session.Connection.CreateCommand();
        insert.Transaction = session.Transaction;
        insert.CommandText = $"insert into orders values ('{order}')";
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed class Stores(ISqlStorageSession storage) : IHandleMessages<PlaceOrder>
    {
        public async Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            await Insert(storage, message.Order, context.CancellationToken);
            await context.Publish(new OrderPlaced(message.Order));
        }
    }

    private sealed class StoresAtTheEnd : IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            context.SynchronizedStorageSession.SqlPersistenceSession().OnSaveChanges(async (session, token) =>
            {
                await Insert(session, message.Order, token);
                if (message.Order == "bad")
                    throw new InvalidOperationException("Prevented at the last moment.");
            });
            return Task.CompletedTask;
        }
    }

    private sealed class RefusesBad : IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context) => message.Order == "bad"
            ? throw new InvalidOperationException("It is bad.")
            : Task.CompletedTask;
    }

    private sealed class Hears(Notes notes) : IHandleMessages<OrderPlaced>
    {
        public Task Handle(OrderPlaced message, IMessageHandlerContext context)
        {
            notes.Add(message.Order, context);
            return Task.CompletedTask;
        }
    }
}
