using Portable.Messaging.Testing;

namespace Portable.Messaging.Tests;

public sealed class TestableSagaTests
{
    [Fact]
    public async Task Time_advances_and_timeouts_come_in_order()
    {
        var saga = new TestableSaga<Reminders, RemindersData>();

        var started = await saga.Handle(new PlaceOrder("1", 3m));
        var results = await saga.AdvanceTime(
            TimeSpan.FromHours(3), cancellationToken: TestContext.Current.CancellationToken);

        Assert.NotNull(started.FindTimeoutMessage<ShippingOverdue>());
        Assert.Equal(
            ["first", "second"], results.Select(r => r.FindPublishedMessage<OrderPlaced>().OrderId));
        Assert.True(results[1].Completed);
        Assert.Null(await saga.HandleReply(started.SagaId, new CarrierAgreed("late")));
    }

    [Fact]
    public async Task Simulated_replies_and_messages_to_itself_are_queued()
    {
        var saga = new TestableSaga<Reminders, RemindersData>();
        saga.SimulateReply<CarrierAsked, CarrierAgreed>(_ => new CarrierAgreed("DHL"));

        await saga.Handle(new PlaceOrder("1", 3m));

        Assert.Equal(1, saga.QueueLength);
        var replied = await saga.HandleQueuedMessage();
        Assert.Equal("DHL", replied.SagaDataSnapshot.Carrier);
        Assert.False(saga.HasQueuedMessages);
    }

    [Fact]
    public async Task A_message_that_may_not_start_a_saga_fails_without_one()
    {
        var saga = new TestableSaga<Reminders, RemindersData>();

        await Assert.ThrowsAsync<InvalidOperationException>(() => saga.Handle(new OrderAccepted("1")));
    }

    [Fact]
    public async Task A_handler_is_tested_with_a_testable_context()
    {
        var context = new TestableMessageHandlerContext();

        await new Sales().Handle(new PlaceOrder("1", 2m), context);

        Assert.Equal("1", context.FindReplyMessage<OrderAccepted>().OrderId);
        Assert.Equal("1", Assert.Single(context.PublishedMessages).Message<OrderPlaced>().OrderId);
        Assert.Single(context.SentMessages.Containing<StartShipping>());
    }

    private sealed class Sales : IHandleMessages<PlaceOrder>
    {
        public async Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            await context.Reply(new OrderAccepted(message.OrderId));
            await context.Publish(new OrderPlaced(message.OrderId));
            await context.Send(new StartShipping(Guid.NewGuid(), 1));
        }
    }

    public sealed class RemindersData : ContainSagaData
    {
        public string OrderId { get; set; } = "";

        public string? Carrier { get; set; }

        public int Reminded { get; set; }
    }

    private sealed class Reminders : Saga<RemindersData>,
        IAmStartedByMessages<PlaceOrder>, IHandleMessages<CarrierAgreed>, IHandleMessages<OrderAccepted>,
        IHandleTimeouts<ShippingOverdue>
    {
        public async Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            await RequestTimeout(context, TimeSpan.FromHours(2), new ShippingOverdue("second"));
            await RequestTimeout(context, TimeSpan.FromHours(1), new ShippingOverdue("first"));
            await context.Send(new CarrierAsked(Guid.NewGuid()));
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
            {
                MarkAsComplete();
            }

            return context.Publish(new OrderPlaced(state.Why));
        }

        protected override void ConfigureHowToFindSaga(SagaPropertyMapper<RemindersData> mapper) =>
            mapper.MapSaga(s => s.OrderId)
                .ToMessage<PlaceOrder>(m => m.OrderId)
                .ToMessage<OrderAccepted>(m => m.OrderId);
    }
}
