using Microsoft.Extensions.DependencyInjection;
using Servers;

namespace Messaging.Contract.Tests;

public sealed class HandlerTests(TestServers servers)
{
    [Fact]
    public async Task All_handlers_of_a_message_are_called_in_the_order_of_their_registration()
    {
        await using var stage = await Stage.Set(servers);
        var sales = await stage.Start("Sales", e =>
        {
            e.AddHandler<Second>();
            e.AddHandler<First>();
        });

        await sales.SendLocal(new PlaceOrder("1", 10m));

        Assert.Equal(["second 1", "first 1"], (await stage.Notes.Wait(2)).Select(n => n.Text));
    }

    [Fact]
    public async Task A_handler_can_end_the_dispatch_to_those_after_it()
    {
        await using var stage = await Stage.Set(servers);
        var sales = await stage.Start("Sales", e =>
        {
            e.AddHandler<Stops>();
            e.AddHandler<First>();
            e.LimitMessageProcessingConcurrencyTo(1);
        });

        await sales.SendLocal(new PlaceOrder("1", 10m));
        await sales.SendLocal(new CheckOrder("2"));

        Assert.Equal(["stops 1", "checked 2"], (await stage.Notes.Wait(2)).Select(n => n.Text));
    }

    [Fact]
    public async Task An_event_reaches_the_handlers_of_its_type_its_base_type_and_its_interface()
    {
        await using var stage = await Stage.Set(servers);
        await stage.Start("All", e => e.AddHandler<AllEvents>());
        await stage.Start("Orders", e => e.AddHandler<Orders>());
        await stage.Start("Rush", e => e.AddHandler<RushOrders>());
        var shop = await stage.Start("Shop", e => e.SendOnly());

        await shop.Publish(new RushOrderPlaced("7"));
        await shop.Publish(new OrderPlaced("8"));

        Assert.Equal(
            ["all 7", "all 8", "orders 7", "orders 8", "rush 7"],
            (await stage.Notes.Wait(5)).Select(n => n.Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task One_endpoint_gets_an_event_once_and_calls_each_handler_that_fits()
    {
        await using var stage = await Stage.Set(servers);
        await stage.Start("All", e =>
        {
            e.AddHandler<AllEvents>();
            e.AddHandler<Orders>();
            e.AddHandler<RushOrders>();
        });
        var shop = await stage.Start("Shop", e => e.SendOnly());

        await shop.Publish(new RushOrderPlaced("7"));
        await shop.Publish(new OrderPlaced("8"));

        var notes = await stage.Notes.Wait(5);
        Assert.Equal(
            ["all 7", "all 8", "orders 7", "orders 8", "rush 7"],
            notes.Select(n => n.Text).Order(StringComparer.Ordinal));
        Assert.Equal(2, notes.Select(n => n.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task A_reply_goes_to_the_sender_and_carries_its_conversation()
    {
        await using var stage = await Stage.Set(servers);
        await stage.Start("Sales", e => e.AddHandler<Accepts>());
        var shop = await stage.Start("Shop", e => e.AddHandler<HearsAnswers>());
        var options = new SendOptions();
        options.SetMessageId("the-question");

        await shop.Send(new PlaceOrder("1", 10m), options);

        var notes = await stage.Notes.Wait(2);
        var (question, answer) = (notes[0], notes[1]);
        Assert.Equal("Shop", question.ReplyTo);
        Assert.Equal("Sales", answer.ReplyTo);
        Assert.Equal("the-question", question.MessageId);
        Assert.Equal("the-question", answer.Headers[Headers.RelatedTo]);
        Assert.Equal("the-question", answer.Headers[Headers.CorrelationId]);
        Assert.Equal(question.Headers[Headers.ConversationId], answer.Headers[Headers.ConversationId]);
        Assert.Equal("Reply", answer.Headers[Headers.MessageIntent]);
    }

    [Fact]
    public async Task A_reply_to_a_message_without_an_address_fails()
    {
        await using var stage = await Stage.Set(servers);
        await stage.Start("Sales", e =>
        {
            e.AddHandler<Accepts>();
            e.Recoverability().Immediate(immediate => immediate.NumberOfRetries(0));
        });
        var shop = await stage.Start("Shop", e => e.SendOnly());

        await shop.Send(new PlaceOrder("1", 10m));

        var failed = await stage.Take("error");
        Assert.Contains("reply", failed.Texts()["NServiceBus.ExceptionInfo.Message"], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Handlers_of_one_message_share_a_scope_that_ends_with_it()
    {
        await using var stage = await Stage.Set(servers);
        var sales = await stage.Start(
            "Sales",
            e =>
            {
                e.AddHandler<TellsScope>();
                e.AddHandler<TellsScopeToo>();
            },
            services: services => services.AddScoped<Scoped>());

        await sales.SendLocal(new PlaceOrder("1", 10m));
        await stage.Notes.Wait(3);
        await sales.SendLocal(new PlaceOrder("2", 10m));

        Assert.Equal(
            ["scope of 1", "scope of 1", "scope of 1 ends", "scope of 2", "scope of 2", "scope of 2 ends"],
            (await stage.Notes.Wait(6)).Select(n => n.Text));
    }

    [Fact]
    public async Task An_endpoint_can_unsubscribe_and_subscribe_again()
    {
        await using var stage = await Stage.Set(servers);
        var orders = await stage.Start("Orders", e => e.AddHandler<Orders>());
        var shop = await stage.Start("Shop", e => e.SendOnly());

        await shop.Publish(new OrderPlaced("1"));
        await stage.Notes.Wait();
        await orders.Unsubscribe<OrderPlaced>();
        await shop.Publish(new OrderPlaced("2"));
        await orders.Subscribe<OrderPlaced>();
        await shop.Publish(new OrderPlaced("3"));

        Assert.Equal(["orders 1", "orders 3"], (await stage.Notes.Wait(2)).Select(n => n.Text));
    }

    [Fact]
    public async Task A_message_without_a_handler_goes_to_the_error_queue()
    {
        await using var stage = await Stage.Set(servers);
        var sales = await stage.Start("Sales", e =>
        {
            e.AddHandler<First>();
            e.Recoverability().Immediate(immediate => immediate.NumberOfRetries(0));
        });

        await sales.SendLocal(new StartShipping(Guid.Empty, 1));

        Assert.Equal("Sales", (await stage.Take("error")).Texts()["NServiceBus.FailedQ"]);
    }

    private sealed class First(Notes notes) : IHandleMessages<PlaceOrder>, IHandleMessages<CheckOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            notes.Add($"first {message.Order}", context);
            return Task.CompletedTask;
        }

        public Task Handle(CheckOrder message, IMessageHandlerContext context)
        {
            notes.Add($"checked {message.Order}", context);
            return Task.CompletedTask;
        }
    }

    private sealed class Second(Notes notes) : IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            notes.Add($"second {message.Order}", context);
            return Task.CompletedTask;
        }
    }

    private sealed class Stops(Notes notes) : IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            notes.Add($"stops {message.Order}", context);
            context.DoNotContinueDispatchingCurrentMessageToHandlers();
            return Task.CompletedTask;
        }
    }

    private sealed class AllEvents(Notes notes) : IHandleMessages<IOrderEvent>
    {
        public Task Handle(IOrderEvent message, IMessageHandlerContext context)
        {
            notes.Add($"all {message.Order}", context);
            return Task.CompletedTask;
        }
    }

    private sealed class Orders(Notes notes) : IHandleMessages<OrderPlaced>
    {
        public Task Handle(OrderPlaced message, IMessageHandlerContext context)
        {
            notes.Add($"orders {message.Order}", context);
            return Task.CompletedTask;
        }
    }

    private sealed class RushOrders(Notes notes) : IHandleMessages<RushOrderPlaced>
    {
        public Task Handle(RushOrderPlaced message, IMessageHandlerContext context)
        {
            notes.Add($"rush {message.Order}", context);
            return Task.CompletedTask;
        }
    }

    private sealed class Accepts(Notes notes) : IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            notes.Add("asked", context);
            return context.Reply(new OrderAccepted(message.Order));
        }
    }

    private sealed class HearsAnswers(Notes notes) : IHandleMessages<OrderAccepted>
    {
        public Task Handle(OrderAccepted message, IMessageHandlerContext context)
        {
            notes.Add("answered", context);
            return Task.CompletedTask;
        }
    }

    private sealed class TellsScope(Scoped scoped) : IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            scoped.Used(message.Order);
            return Task.CompletedTask;
        }
    }

    private sealed class TellsScopeToo(Scoped scoped) : IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            scoped.Used(message.Order);
            return Task.CompletedTask;
        }
    }

    private sealed class Scoped(Notes notes) : IDisposable
    {
        private string order = "nothing";

        public void Used(string by)
        {
            order = order == "nothing" ? by : order;
            notes.Add($"scope of {order}");
        }

        public void Dispose() => notes.Add($"scope of {order} ends");
    }
}
