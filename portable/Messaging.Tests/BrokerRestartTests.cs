using Servers;

namespace Portable.Messaging.Tests;

/// <summary>On a broker of its own, which it stops.</summary>
public sealed class BrokerRestartTests : IAsyncDisposable
{
    private readonly TestServers own = new();

    [Fact]
    public async Task Consumers_and_publishers_go_on_after_the_broker_was_away()
    {
        await using var world = await World.Create(own);
        await world.Start("Shipping", e => e.AddHandler<NotesParcels>(), outbox: true);
        var shop = await world.Start("Shop", e => e.SendOnly());
        var shipment = Guid.NewGuid();
        await shop.Session.Send(new ParcelPacked(shipment, 0), TestContext.Current.CancellationToken);
        await world.Recorder.Wait<ParcelPacked>();
        var broker = await own.RabbitMQ(TestContext.Current.CancellationToken);

        await broker.Stop(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<RabbitMQ.Client.Exceptions.BrokerUnreachableException>(
            () => shop.Session.Send(new ParcelPacked(shipment, 1), TestContext.Current.CancellationToken));
        await broker.Start(TestContext.Current.CancellationToken);
        for (var number = 2; number < 50; number++)
        {
            await shop.Session.Send(new ParcelPacked(shipment, number), TestContext.Current.CancellationToken);
        }

        await World.Until(
            () => Task.FromResult(Enumerable.Range(2, 48).All(
                number => world.Recorder.Messages.OfType<ParcelPacked>().Any(p => p.Number == number))),
            "all that was sent after the restart is handled");
    }

    [Fact]
    public async Task A_broker_killed_under_load_loses_nothing_it_has_confirmed()
    {
        await using var world = await World.Create(own);
        await world.Execute("create table parcels (number int primary key)");
        await world.Start(
            "Shipping",
            e =>
            {
                e.AddHandler<StoresParcels>();
                e.LimitMessageProcessingConcurrencyTo(4);
            },
            outbox: true);
        var shop = await world.Start("Shop", e => e.SendOnly());
        var broker = await own.RabbitMQ(TestContext.Current.CancellationToken);
        var confirmed = 0;

        var sending = Task.Run(async () =>
        {
            for (var number = 0; number < 2000; number++)
            {
                await Retried(() => shop.Session.Send(
                    new ParcelPacked(Guid.Empty, number), TestContext.Current.CancellationToken));
                Interlocked.Increment(ref confirmed);
            }
        }, TestContext.Current.CancellationToken);
        await World.Until(() => Task.FromResult(Volatile.Read(ref confirmed) > 300), "the load runs");
        await broker.Kill(TestContext.Current.CancellationToken);
        await sending;

        await World.Until(
            async () => await world.Query<long>("select count(*) from parcels") == 2000, "every parcel is stored");
    }

    public ValueTask DisposeAsync() => own.DisposeAsync();

    private static async Task Retried(Func<Task> send)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await send();
                return;
            }
            catch (Exception e) when (attempt < 20)
            {
                TestContext.Current.SendDiagnosticMessage(e.Message);
            }
        }
    }

    private sealed class NotesParcels(Recorder recorder) : IHandleMessages<ParcelPacked>
    {
        public Task Handle(ParcelPacked message, IMessageHandlerContext context)
        {
            recorder.Note(message);
            return Task.CompletedTask;
        }
    }

    private sealed class StoresParcels(Persistence.Sql.ISqlStorageSession storage) : IHandleMessages<ParcelPacked>
    {
        public async Task Handle(ParcelPacked message, IMessageHandlerContext context)
        {
            await using var insert = storage.Connection.CreateCommand();
            insert.Transaction = storage.Transaction;
            insert.CommandText = $"insert into parcels values ({message.Number}) on conflict do nothing";
            await insert.ExecuteNonQueryAsync(context.CancellationToken);
        }
    }
}
