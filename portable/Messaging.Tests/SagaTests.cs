using Servers;

namespace Portable.Messaging.Tests;

public sealed class SagaTests(TestServers servers)
{
    [Fact]
    public async Task A_saga_collects_its_messages_and_answers_whoever_started_it()
    {
        await using var world = await World.Create(servers);
        await world.Start("Shipping", e => e.AddSaga<Shipping>(), outbox: true);
        var shop = await world.Start("Shop", e => e.AddHandler<NotesShippings>());
        var shipment = Guid.NewGuid();

        await shop.Session.Send(new StartShipping(shipment, 2), TestContext.Current.CancellationToken);
        await shop.Session.Send(new ParcelPacked(shipment, 1), TestContext.Current.CancellationToken);
        await shop.Session.Send(new ParcelPacked(shipment, 2), TestContext.Current.CancellationToken);

        var done = Assert.Single(await world.Recorder.Wait<ShippingDone>());
        Assert.Equal(new ShippingDone(shipment, 2), done);
        await World.Until(
            async () => await world.Query<long>("""select count(*) from shipping."Shipping" """) == 0,
            "the completed saga is deleted");
    }

    [Fact]
    public async Task Messages_that_come_at_once_are_all_counted_by_one_saga()
    {
        await using var world = await World.Create(servers);
        await world.Start(
            "Shipping",
            e =>
            {
                e.AddSaga<Shipping>();
                e.LimitMessageProcessingConcurrencyTo(16);
            },
            outbox: true);
        var shop = await world.Start("Shop", e => e.AddHandler<NotesShippings>());
        Guid[] shipments = [.. Enumerable.Range(0, 5).Select(_ => Guid.NewGuid())];

        // Each of them may start the saga, in any order.
        await Task.WhenAll(shipments.SelectMany(id => Enumerable.Range(1, 40)
            .Select(n => shop.Session.Send(new ParcelPacked(id, n), TestContext.Current.CancellationToken))
            .Append(shop.Session.Send(new StartShipping(id, 40), TestContext.Current.CancellationToken))));

        var done = await world.Recorder.Wait<ShippingDone>(5);
        Assert.Equal(shipments.Order(), done.Select(d => d.ShipmentId).Order());
        Assert.All(done, d => Assert.Equal(40, d.Parcels));
    }

    [Fact]
    public async Task A_timeout_comes_back_to_its_saga_and_is_dropped_when_the_saga_has_ended()
    {
        await using var world = await World.Create(servers);
        await world.Start("Shipping", e => e.AddSaga<Shipping>(), outbox: true);
        var shop = await world.Start("Shop", e => e.AddHandler<NotesShippings>());
        var (finished, overdue) = (Guid.NewGuid(), Guid.NewGuid());

        await shop.Session.Send(new StartShipping(finished, 1), TestContext.Current.CancellationToken);
        await shop.Session.Send(new ParcelPacked(finished, 1), TestContext.Current.CancellationToken);
        await shop.Session.Send(new StartShipping(overdue, 1), TestContext.Current.CancellationToken);

        var timeout = Assert.Single(await world.Recorder.Wait<ShippingOverdue>());
        Assert.Equal($"overdue: {overdue}", timeout.Why);
        Assert.Single(await world.Recorder.Wait<ShippingDone>());
        await World.Until(
            async () => await world.Query<long>(
                """select count(*) from shipping."OutboxData" where "Dispatched" """) == 5,
            "both timeouts are handled");
        Assert.Single(world.Recorder.Messages.OfType<ShippingOverdue>());
    }

    [Fact]
    public async Task A_reply_finds_the_saga_that_asked()
    {
        await using var world = await World.Create(servers);
        await world.Start("Carriers", e => e.AddHandler<Carrier>());
        await world.Start("Asking", e => e.AddSaga<Asking>(), outbox: true);
        var shop = await world.Start("Shop", e => e.SendOnly());
        Guid[] shipments = [Guid.NewGuid(), Guid.NewGuid()];

        foreach (var id in shipments)
        {
            await shop.Session.Send("Asking", new StartShipping(id, 1), TestContext.Current.CancellationToken);
        }

        var agreed = await world.Recorder.Wait<string>(2);
        Assert.Equal(shipments.Select(id => $"{id} by DHL").Order(), agreed.Order());
    }

    [Fact]
    public async Task A_message_for_a_saga_that_does_not_exist_goes_to_its_not_found_handler()
    {
        await using var world = await World.Create(servers);
        await world.Start("Asking", e => e.AddSaga<Asking>(), outbox: true);
        var shop = await world.Start("Shop", e => e.SendOnly());

        await shop.Session.Send("Asking", new ParcelPacked(Guid.NewGuid(), 9), TestContext.Current.CancellationToken);

        Assert.Equal("no saga for parcel 9", Assert.Single(await world.Recorder.Wait<string>()));
    }

    [Fact]
    public async Task A_saga_is_found_by_text_numbers_and_headers()
    {
        await using var world = await World.Create(servers);
        await world.Start(
            "Counting",
            e =>
            {
                e.AddSaga<CountsByText>();
                e.AddSaga<CountsByNumber>();
            },
            outbox: true);
        var shop = await world.Start("Shop", e => e.SendOnly());

        foreach (var order in new[] { "a", "b", "a" })
        {
            await shop.Session.Send("Counting", new PlaceOrder(order, 1m), TestContext.Current.CancellationToken);
        }

        foreach (var number in new[] { "7", "7", "8" })
        {
            var options = new SendOptions();
            options.SetDestination("Counting");
            options.SetHeader("Number", number);
            await shop.Session.Send(
                new ParcelPacked(Guid.Empty, 0), options, TestContext.Current.CancellationToken);
        }

        var counts = await world.Recorder.Wait<string>(6);
        Assert.Equal(["7: 1", "7: 2", "8: 1", "a: 1", "a: 2", "b: 1"], counts.Order(StringComparer.Ordinal));
    }

    private sealed class NotesShippings(Recorder recorder)
        : IHandleMessages<ShippingDone>, IHandleMessages<ShippingOverdue>
    {
        public Task Handle(ShippingDone message, IMessageHandlerContext context)
        {
            recorder.Note(message);
            return Task.CompletedTask;
        }

        public Task Handle(ShippingOverdue message, IMessageHandlerContext context)
        {
            recorder.Note(message);
            return Task.CompletedTask;
        }
    }

    public sealed class ShippingData : ContainSagaData
    {
        public Guid ShipmentId { get; set; }

        public int? Expected { get; set; }

        public HashSet<int> Packed { get; set; } = [];
    }

    private sealed class Shipping : Saga<ShippingData>,
        IAmStartedByMessages<StartShipping>, IAmStartedByMessages<ParcelPacked>, IHandleTimeouts<ShippingOverdue>
    {
        public async Task Handle(StartShipping message, IMessageHandlerContext context)
        {
            Data.Expected = message.Parcels;
            await RequestTimeout(context, TimeSpan.FromSeconds(2), new ShippingOverdue("overdue"));
            await FinishWhenComplete(context);
        }

        public Task Handle(ParcelPacked message, IMessageHandlerContext context)
        {
            Data.Packed.Add(message.Number);
            return FinishWhenComplete(context);
        }

        public Task Timeout(ShippingOverdue state, IMessageHandlerContext context) =>
            ReplyToOriginator(context, new ShippingOverdue($"{state.Why}: {Data.ShipmentId}"));

        protected override void ConfigureHowToFindSaga(SagaPropertyMapper<ShippingData> mapper) =>
            mapper.MapSaga(s => s.ShipmentId)
                .ToMessage<StartShipping>(m => m.ShipmentId)
                .ToMessage<ParcelPacked>(m => m.ShipmentId);

        private async Task FinishWhenComplete(IMessageHandlerContext context)
        {
            if (Data.Packed.Count == Data.Expected)
            {
                await ReplyToOriginator(context, new ShippingDone(Data.ShipmentId, Data.Packed.Count));
                MarkAsComplete();
            }
        }
    }

    public sealed class AskingData : ContainSagaData
    {
        public Guid ShipmentId { get; set; }
    }

    private sealed class Asking(Recorder recorder) : Saga<AskingData>,
        IAmStartedByMessages<StartShipping>, IHandleMessages<CarrierAgreed>, IHandleMessages<ParcelPacked>
    {
        public Task Handle(StartShipping message, IMessageHandlerContext context) =>
            context.Send("Carriers", new CarrierAsked(Data.ShipmentId));

        public Task Handle(CarrierAgreed message, IMessageHandlerContext context)
        {
            recorder.Note($"{Data.ShipmentId} by {message.Carrier}");
            return Task.CompletedTask;
        }

        public Task Handle(ParcelPacked message, IMessageHandlerContext context) => Task.CompletedTask;

        protected override void ConfigureHowToFindSaga(SagaPropertyMapper<AskingData> mapper)
        {
            mapper.MapSaga(s => s.ShipmentId)
                .ToMessage<StartShipping>(m => m.ShipmentId)
                .ToMessage<ParcelPacked>(m => m.ShipmentId);
            mapper.ConfigureNotFoundHandler<NotesMissing>();
        }
    }

    private sealed class NotesMissing(Recorder recorder) : ISagaNotFoundHandler
    {
        public Task Handle(object message, IMessageProcessingContext context)
        {
            recorder.Note($"no saga for parcel {((ParcelPacked)message).Number}");
            return Task.CompletedTask;
        }
    }

    private sealed class Carrier : IHandleMessages<CarrierAsked>
    {
        public Task Handle(CarrierAsked message, IMessageHandlerContext context) =>
            context.Reply(new CarrierAgreed("DHL"));
    }

    public sealed class TextData : ContainSagaData
    {
        public string OrderId { get; set; } = "";

        public int Count { get; set; }
    }

    private sealed class CountsByText(Recorder recorder) : Saga<TextData>, IAmStartedByMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            recorder.Note($"{Data.OrderId}: {++Data.Count}");
            return Task.CompletedTask;
        }

        protected override void ConfigureHowToFindSaga(SagaPropertyMapper<TextData> mapper) =>
            mapper.MapSaga(s => s.OrderId).ToMessage<PlaceOrder>(m => m.OrderId);
    }

    public sealed class NumberData : ContainSagaData
    {
        public long Number { get; set; }

        public int Count { get; set; }
    }

    private sealed class CountsByNumber(Recorder recorder) : Saga<NumberData>, IAmStartedByMessages<ParcelPacked>
    {
        public Task Handle(ParcelPacked message, IMessageHandlerContext context)
        {
            recorder.Note($"{Data.Number}: {++Data.Count}");
            return Task.CompletedTask;
        }

        protected override void ConfigureHowToFindSaga(SagaPropertyMapper<NumberData> mapper) =>
            mapper.MapSaga(s => s.Number).ToMessageHeader<ParcelPacked>("Number");
    }
}
