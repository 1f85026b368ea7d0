using Servers;

namespace Portable.Messaging.Tests;

/// <summary>On a broker of its own, which it restarts.</summary>
public sealed class TimeoutTests : IAsyncDisposable
{
    private readonly TestServers own = new();

    [Fact]
    public async Task Pending_timeouts_survive_a_restart_of_endpoint_and_broker_and_come_once_in_order_of_their_due_times()
    {
        await using var world = await World.Create(own);
        // Asked for out of order, all due long after the endpoint has gone.
        int[] seconds = [25, 19, 31, 22, 28];
        var first = await world.Start("Waiting", e => e.AddSaga<Waits>(), outbox: true);
        foreach (var delay in seconds)
        {
            await first.Session.SendLocal(new PlaceOrder($"{delay}", delay), TestContext.Current.CancellationToken);
        }

        await World.Until(
            async () => await world.Query<long>("""select count(*) from waiting."OutboxData" where "Dispatched" """)
                == seconds.Length,
            "all timeouts are asked for");
        await first.Stop();
        Assert.Empty(world.Recorder.Messages.OfType<ShippingOverdue>());

        await (await own.RabbitMQ(TestContext.Current.CancellationToken))
            .Restart(TestContext.Current.CancellationToken);
        await world.Start(
            "Waiting",
            e =>
            {
                e.AddSaga<Waits>();
                // Those that became due meanwhile come at once.
                e.LimitMessageProcessingConcurrencyTo(1);
            },
            outbox: true);

        var came = await world.Recorder.Wait<ShippingOverdue>(seconds.Length);
        await World.Until(
            async () => await world.Query<long>("""select count(*) from waiting."OutboxData" where "Dispatched" """)
                == 2 * seconds.Length,
            "all timeouts are handled");
        Assert.Equal(seconds.Order().Select(s => $"{s}"), came.Select(timeout => timeout.Why));
        Assert.Equal(seconds.Length, world.Recorder.Count<ShippingOverdue>());
        Assert.Equal(0, await world.Query<long>("""select count(*) from waiting."Waits" """));
    }

    public ValueTask DisposeAsync() => own.DisposeAsync();

    public sealed class WaitsData : ContainSagaData
    {
        public string OrderId { get; set; } = "";
    }

    private sealed class Waits(Recorder recorder)
        : Saga<WaitsData>, IAmStartedByMessages<PlaceOrder>, IHandleTimeouts<ShippingOverdue>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context) => RequestTimeout(
            context, TimeSpan.FromSeconds((double)message.Total), new ShippingOverdue(message.OrderId));

        public Task Timeout(ShippingOverdue state, IMessageHandlerContext context)
        {
            recorder.Note(state);
            MarkAsComplete();
            return Task.CompletedTask;
        }

        protected override void ConfigureHowToFindSaga(SagaPropertyMapper<WaitsData> mapper) =>
            mapper.MapSaga(s => s.OrderId).ToMessage<PlaceOrder>(m => m.OrderId);
    }
}
