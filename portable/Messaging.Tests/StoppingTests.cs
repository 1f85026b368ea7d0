using Microsoft.Extensions.DependencyInjection;
using Servers;

namespace Portable.Messaging.Tests;

public sealed class StoppingTests(TestServers servers)
{
    [Fact]
    public async Task Stopping_waits_for_the_message_in_hand_and_leaves_the_others_in_the_queue()
    {
        await using var world = await World.Create(servers);
        var gate = new Gate();
        var sales = await world.Start(
            "Sales",
            e =>
            {
                e.AddHandler<Slow>();
                e.LimitMessageProcessingConcurrencyTo(1);
            },
            outbox: true,
            services: s => s.AddSingleton(gate));
        for (var order = 0; order < 3; order++)
        {
            await sales.Session.SendLocal(new PlaceOrder($"{order}", 1m), TestContext.Current.CancellationToken);
        }

        await gate.Entered.Task.WaitAsync(TestContext.Current.CancellationToken);
        var stopping = sales.Stop();
        Assert.False(stopping.IsCompleted);
        gate.Open.SetResult();
        await stopping;

        Assert.Equal(1, world.Recorder.Count<PlaceOrder>());
        Assert.Equal(
            1, await world.Query<long>("""select count(*) from sales."OutboxData" where "Dispatched" """));
        await world.Take("Sales");
        await world.Take("Sales");
    }

    [Fact]
    public async Task A_handler_that_does_not_end_is_canceled_and_its_message_goes_back()
    {
        await using var world = await World.Create(servers);
        var sales = await world.Start("Sales", e =>
        {
            e.AddHandler<Endless>();
            e.LimitMessageProcessingConcurrencyTo(1);
        });
        await sales.Session.SendLocal(new PlaceOrder("1", 1m), TestContext.Current.CancellationToken);
        await world.Recorder.Wait<PlaceOrder>();

        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await sales.Host.StopAsync(impatience.Token);

        Assert.Equal("canceled", Assert.Single(await world.Recorder.Wait<string>()));
        Assert.True((await world.Take("Sales")).Redelivered);
    }

    [Fact]
    public async Task An_endpoint_whose_broker_has_fallen_silent_and_whose_handler_does_not_end_stops_all_the_same()
    {
        await using var world = await World.Create(servers);
        await using var relay = new Relay(world.Broker);
        await using var behind = world.Through(relay);
        var sales = await behind.Start(
            "Sales",
            e =>
            {
                e.AddHandler<Deaf>();
                e.LimitMessageProcessingConcurrencyTo(1);
            },
            outbox: true);
        await sales.Session.SendLocal(new PlaceOrder("1", 1m), TestContext.Current.CancellationToken);
        await behind.Recorder.Wait<PlaceOrder>();

        relay.FallSilent();
        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await sales.Host.StopAsync(impatience.Token).WaitAsync(
            TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
    }

    public sealed class Gate
    {
        public TaskCompletionSource Entered { get; } = new();

        public TaskCompletionSource Open { get; } = new();
    }

    private sealed class Slow(Recorder recorder, Gate gate) : IHandleMessages<PlaceOrder>
    {
        public async Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            gate.Entered.TrySetResult();
            await gate.Open.Task;
            recorder.Note(message);
        }
    }

    private sealed class Endless(Recorder recorder) : IHandleMessages<PlaceOrder>
    {
        public async Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            recorder.Note(message);
            try
            {
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            }
            catch (OperationCanceledException)
            {
                recorder.Note("canceled");
                throw;
            }
        }
    }

    /// <summary>Hears nothing of a cancellation.</summary>
    private sealed class Deaf(Recorder recorder) : IHandleMessages<PlaceOrder>
    {
        public async Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            recorder.Note(message);
            await Task.Delay(TimeSpan.FromMinutes(10), CancellationToken.None);
        }
    }
}
