using Servers;

namespace Portable.Messaging.Tests;

public sealed class SendingTests(TestServers servers)
{
    [Fact]
    public async Task A_command_reaches_its_endpoint_and_the_reply_comes_back()
    {
        await using var world = await World.Create(servers);
        await world.Start("Sales", e => e.AddHandler<Sales>());
        var shop = await world.Start("Shop", e => e.AddHandler<Shop>());

        await shop.Session.Send(new PlaceOrder("1", 20m), TestContext.Current.CancellationToken);

        var reply = Assert.Single(await world.Recorder.Wait<OrderAccepted>());
        Assert.Equal("1", reply.OrderId);
    }

    [Fact]
    public async Task A_message_sent_local_is_handled_by_the_same_endpoint()
    {
        await using var world = await World.Create(servers);
        var sales = await world.Start("Sales", e => e.AddHandler<Notes>());

        await sales.Session.SendLocal(new PlaceOrder("2", 20m), TestContext.Current.CancellationToken);

        Assert.Equal("2", (await world.Recorder.Wait<PlaceOrder>())[0].OrderId);
    }

    [Fact]
    public async Task A_delayed_message_comes_after_its_delay_and_a_shorter_one_before_it()
    {
        await using var world = await World.Create(servers);
        var sales = await world.Start("Sales", e =>
        {
            e.AddHandler<Notes>();
            e.LimitMessageProcessingConcurrencyTo(1);
        });
        var sent = DateTimeOffset.UtcNow;

        await Send(TimeSpan.FromSeconds(3), "later");
        await Send(TimeSpan.FromSeconds(1), "sooner");

        var orders = await world.Recorder.Wait<PlaceOrder>(2);
        Assert.Equal(["sooner", "later"], orders.Select(o => o.OrderId));
        Assert.True(DateTimeOffset.UtcNow - sent >= TimeSpan.FromSeconds(3));

        Task Send(TimeSpan delay, string id)
        {
            var options = new SendOptions();
            options.RouteToThisEndpoint();
            options.DelayDeliveryWith(delay);
            return sales.Session.Send(new PlaceOrder(id, 20m), options, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_send_to_an_endpoint_that_does_not_exist_says_which()
    {
        await using var world = await World.Create(servers);
        var shop = await world.Start("Shop", e => e.SendOnly());

        var error = await Assert.ThrowsAsync<Unicast.Queuing.QueueNotFoundException>(
            () => shop.Session.Send(new PlaceOrder("1", 20m), TestContext.Current.CancellationToken));

        Assert.Contains("'Sales'", error.Message, StringComparison.Ordinal);
        Assert.Equal("Sales", error.Queue);
    }

    [Fact]
    public async Task A_missing_endpoint_costs_those_who_send_to_another_nothing()
    {
        await using var world = await World.Create(servers);
        await world.Start("Shipping", e => e.AddHandler<NotesParcels>());
        var shop = await world.Start("Shop", e => e.SendOnly());
        var shipment = Guid.NewGuid();

        var sends = Enumerable.Range(0, 200)
            .Select(n => shop.Session.Send(new ParcelPacked(shipment, n), TestContext.Current.CancellationToken))
            .ToList();
        var missing = Enumerable.Range(0, 20)
            .Select(_ => shop.Session.Send(new PlaceOrder("1", 20m), TestContext.Current.CancellationToken))
            .ToList();

        await Task.WhenAll(sends);
        foreach (var send in missing)
        {
            await Assert.ThrowsAsync<Unicast.Queuing.QueueNotFoundException>(() => send);
        }

        var parcels = await world.Recorder.Wait<ParcelPacked>(200);
        Assert.Equal(Enumerable.Range(0, 200), parcels.Select(p => p.Number).Distinct().Order());
    }

    private sealed class Sales : IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context) =>
            context.Reply(new OrderAccepted(message.OrderId));
    }

    private sealed class Shop(Recorder recorder) : IHandleMessages<OrderAccepted>
    {
        public Task Handle(OrderAccepted message, IMessageHandlerContext context)
        {
            recorder.Note(message, context.MessageHeaders);
            return Task.CompletedTask;
        }
    }

    private sealed class Notes(Recorder recorder) : IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            recorder.Note(message, context.MessageHeaders);
            return Task.CompletedTask;
        }
    }

    private sealed class NotesParcels(Recorder recorder) : IHandleMessages<ParcelPacked>
    {
        public Task Handle(ParcelPacked message, IMessageHandlerContext context)
        {
            recorder.Note(message, context.MessageHeaders);
            return Task.CompletedTask;
        }
    }
}
