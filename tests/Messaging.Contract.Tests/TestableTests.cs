namespace Messaging.Contract.Tests;

/// <summary>The contexts and sagas for tests without servers.</summary>
public sealed class TestableTests
{
    [Fact]
    public async Task A_context_remembers_what_a_handler_sent_published_and_replied()
    {
        var context = new TestableMessageHandlerContext();

        await new Sales().Handle(new PlaceOrder("1", 2m), context);

        Assert.Equal("1", Assert.Single(context.RepliedMessages).Message<OrderAccepted>().Order);
        Assert.Equal("1", Assert.Single(context.PublishedMessages).Message<OrderPlaced>().Order);
        var sent = Assert.Single(context.SentMessages.Containing<StartShipping>());
        Assert.Equal(2, sent.Message.Parcels);
        Assert.Equal("there", sent.Options.GetDestination());
    }

    [Fact]
    public async Task A_session_remembers_too()
    {
        var session = new TestableMessageSession();

        await session.Send(new PlaceOrder("1", 2m), TestContext.Current.CancellationToken);
        await session.Publish(new OrderPlaced("1"), TestContext.Current.CancellationToken);

        Assert.Equal("1", Assert.Single(session.SentMessages).Message<PlaceOrder>().Order);
        Assert.Single(session.PublishedMessages);
    }

    [Fact]
    public async Task Time_advances_and_timeouts_come_in_the_order_of_their_due_times()
    {
        var saga = new TestableSaga<Reminders, RemindersData>();

        var started = await saga.Handle(new PlaceOrder("1", 3m));
        var results = await saga.AdvanceTime(
            TimeSpan.FromHours(3), cancellationToken: TestContext.Current.CancellationToken);

        Assert.NotNull(started.FindTimeoutMessage<ShippingOverdue>());
        Assert.Equal(["first", "second"], results.Select(r => r.FindPublishedMessage<OrderPlaced>().Order));
        Assert.False(results[0].Completed);
        Assert.True(results[1].Completed);
        Assert.Equal(2, results[1].SagaDataSnapshot.Reminded);
    }

    [Fact]
    public async Task Replies_can_be_simulated_and_wait_in_a_queue()
    {
        var saga = new TestableSaga<Reminders, RemindersData>();
        saga.SimulateReply<AskCarrier, CarrierAgreed>(_ => new CarrierAgreed("DHL"));

        await saga.Handle(new PlaceOrder("1", 3m));

        Assert.True(saga.HasQueuedMessages);
        Assert.Equal(1, saga.QueueLength);
        Assert.Equal("DHL", (await saga.HandleQueuedMessage()).SagaDataSnapshot.Carrier);
        Assert.False(saga.HasQueuedMessages);
    }

    [Fact]
    public async Task A_message_that_may_not_start_a_saga_fails_without_one()
    {
        var saga = new TestableSaga<Reminders, RemindersData>();

        await Assert.ThrowsAnyAsync<Exception>(() => saga.Handle(new OrderAccepted("1")));
    }

    private sealed class Sales : IHandleMessages<PlaceOrder>
    {
        public async Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            await context.Reply(new OrderAccepted(message.Order));
            await context.Publish(new OrderPlaced(message.Order));
            await context.Send("there", new StartShipping(Guid.NewGuid(), 2));
        }
    }

    public sealed class RemindersData : ContainSagaData
    {
        public string Order { get; set; } = "";

        public string? Carrier { get; set; }

        public int Reminded { get; set; }
    }

    public sealed class Reminders : Saga<RemindersData>,
        IAmStartedByMessages<PlaceOrder>,
        IHandleMessages<CarrierAgreed>,
        IHandleMessages<OrderAccepted>,
        IHandleTimeouts<ShippingOverdue>
    {
        public async Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            await RequestTimeout(context, TimeSpan.FromHours(2), new ShippingOverdue("second"));
            await RequestTimeout(context, TimeSpan.FromHours(1), new ShippingOverdue("first"));
            await context.Send(new AskCarrier("1"));
        }

        public Task Handle(CarrierAgreed message, IMessageHandlerContext context)
        {
            Data.Carrier = message.Carrier;
            return Task.CompletedTask;
        }

        public Task Handle(OrderAccepted message, IMessageHandlerContext context) => Task.CompletedTask;

        public Task Timeout(ShippingOverdue state, IMessageHandlerContext context)
        {
            if (++Data.Reminded == 2)
                MarkAsComplete();
            return context.Publish(new OrderPlaced(state.Why));
        }

        protected override void ConfigureHowToFindSaga(SagaPropertyMapper<RemindersData> mapper) =>
            mapper.MapSaga(saga => saga.Order)
                .ToMessage<PlaceOrder>(message => message.Order)
                .ToMessage<OrderAccepted>(message => message.Order);
    }
}
