using RabbitMQ.Client;
using Servers;

namespace Messaging.Contract.Tests.Wire;

/// <summary>
/// What is on the wire, property by property and header by header, is what the real library puts there; and what it
/// puts there is understood.
/// </summary>
public sealed class WireTests(TestServers servers)
{
    [Fact]
    public async Task A_send_only_endpoint_sends_and_publishes()
    {
        await using var stage = await Stage.Set(servers);
        await stage.Tap("Sales");
        await stage.Tap("Messaging.Contract.Tests:RushOrderPlaced");
        var shop = await stage.Start("Shop", e => e.SendOnly());
        var options = new SendOptions();
        options.SetHeader("Own", "value");

        await shop.Send(new PlaceOrder("4711", 20.50m), options);
        await shop.Publish(new RushOrderPlaced("4711"));

        var names = new WireNames();
        Recording.AssertAsRecorded("send-only",
        [
            await Taken(stage, "command", "tap of Sales", names),
            await Taken(stage, "event", "tap of Messaging.Contract.Tests:RushOrderPlaced", names),
        ]);
    }

    [Fact]
    public async Task A_handler_replies_sends_and_publishes_and_its_message_is_audited()
    {
        await using var stage = await Stage.Set(servers);
        await stage.Tap("Sales");
        await stage.Tap("Carriers");
        await stage.Tap("Messaging.Contract.Tests:OrderPlaced");
        await stage.Start("Sales", e =>
        {
            e.AddHandler<Sells>();
            e.AuditProcessedMessagesTo("audit");
        });
        await stage.Tap("Shop");
        var shop = await stage.Start("Shop", e => e.AddHandler<Hears>());

        await shop.Send(new PlaceOrder("4711", 20.50m));

        var names = new WireNames();
        Recording.AssertAsRecorded("handler",
        [
            await Taken(stage, "command", "tap of Sales", names),
            await Taken(stage, "reply", "tap of Shop", names),
            await Taken(stage, "command of the handler", "tap of Carriers", names),
            await Taken(stage, "event", "tap of Messaging.Contract.Tests:OrderPlaced", names),
            await Taken(stage, "audited", "audit", names),
        ]);
    }

    [Fact]
    public async Task A_saga_asks_requests_a_timeout_and_answers()
    {
        await using var stage = await Stage.Set(servers);
        await stage.Tap("Carriers");
        await stage.Tap("Office");
        await stage.Start("Carriers", e => e.AddHandler<Carrier>());
        await stage.Tap("Waiting");
        var waiting = await stage.Start("Waiting", e => e.AddSaga<WaitingSaga>(), stored: true);
        // 3 s are 2 + 1: level 1, then level 0.
        await Bind(stage, "tap of Office", "nsb.v2.delay-level-01");

        var options = new SendOptions();
        options.RouteToThisEndpoint();
        options.RouteReplyTo("Office");
        await waiting.Send(new PlaceOrder("4711", 20.50m), options);

        var names = new WireNames();
        Recording.AssertAsRecorded("saga",
        [
            await Taken(stage, "start", "tap of Waiting", names),
            await Taken(stage, "command of the saga", "tap of Carriers", names),
            await Taken(stage, "reply to the saga", "tap of Waiting", names),
            await Taken(stage, "timeout, requested", "tap of Office", names),
            await Taken(stage, "timeout, due", "tap of Waiting", names),
            await Taken(stage, "answer to the originator", "tap of Office", names),
        ]);
    }

    [Fact]
    public async Task A_message_that_fails_is_delayed_and_moved_to_the_error_queue()
    {
        await using var stage = await Stage.Set(servers);
        var sales = await stage.Start("Sales", e =>
        {
            e.AddHandler<Fails>();
            e.Recoverability()
                .Immediate(immediate => immediate.NumberOfRetries(0))
                .Delayed(delayed => delayed.NumberOfRetries(1).TimeIncrease(TimeSpan.FromSeconds(1)));
        });
        await stage.Tap("Sales");
        await Bind(stage, "tap of Sales", "nsb.v2.delay-level-00");

        await sales.SendLocal(new PlaceOrder("4711", 20.50m));

        var names = new WireNames();
        var seen = new List<WireMessage>
        {
            await Taken(stage, "command", "tap of Sales", names),
            await Taken(stage, "delayed retry", "tap of Sales", names),
            await Taken(stage, "delayed retry, due", "tap of Sales", names),
            await Taken(stage, "failed", "error", names),
        };
        Recording.AssertAsRecorded("failure", seen);
    }

    [Fact]
    public async Task What_was_recorded_is_understood()
    {
        await using var stage = await Stage.Set(servers);
        await stage.Start("Reader", e =>
        {
            e.AddHandler<Reads>();
            e.Recoverability().Immediate(immediate => immediate.NumberOfRetries(0));
        });
        WireMessage[] messages =
        [
            .. Recording.Load("send-only"),
            .. Recording.Load("handler").Where(message => message.Name != "reply"),
            .. Recording.Load("failure"),
        ];

        var sent = new List<(WireMessage Message, BasicProperties Properties)>();
        foreach (var message in messages)
        {
            var properties = message.ToProperties([]);
            sent.Add((message, properties));
            await stage.Put("Reader", properties, message.Body);
            await stage.Notes.Wait(sent.Count);
        }

        Assert.Equal(0, await stage.Waiting("error"));
        Assert.Equal(sent.Select(s => s.Properties.MessageId), stage.Notes.All.Select(note => note.MessageId));
        Assert.Equal(sent.Select(s => s.Properties.ReplyTo ?? "none"), stage.Notes.All.Select(n => n.ReplyTo ?? "none"));
        Assert.All(
            sent.Zip(stage.Notes.All),
            pair => Assert.EndsWith(pair.Second.Text, pair.First.Message.Properties["type"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Replies_and_timeouts_that_were_recorded_find_their_saga()
    {
        await using var stage = await Stage.Set(servers);
        var waiting = await stage.Start("Waiting", e => e.AddSaga<WaitingSaga>(), stored: true);
        await stage.Tap("Office");
        var recorded = Recording.Load("saga").ToDictionary(message => message.Name);
        var options = new SendOptions();
        options.RouteToThisEndpoint();
        options.RouteReplyTo("Office");
        await stage.Tap("Carriers");

        await waiting.Send(new PlaceOrder("4711", 1m), options);
        await stage.Take("tap of Carriers");
        await Poll.Until(
            async () => await stage.Query<long>("""select count(*) from waiting."WaitingSaga" """) == 1, "it has started");
        var saga = (await stage.Query<Guid>("""select "Id" from waiting."WaitingSaga" """)).ToString();
        foreach (var name in new[] { "reply to the saga", "timeout, due" })
        {
            var message = recorded[name];
            await stage.Put(
                "Waiting",
                message.ToProperties(new Dictionary<string, string> { [message.Headers["NServiceBus.SagaId"]] = saga }),
                message.Body);
            if (name == "reply to the saga")
                await stage.Notes.Wait();
        }

        Assert.Equal("agreed DHL", stage.Notes.All[0].Text);
        // Two: the recorded timeout at once, the saga's own three seconds later.
        Assert.Equal("""{"Why":"4711 by DHL"}""", (await stage.Take("tap of Office")).Text());
        Assert.Equal("""{"Why":"4711 by DHL"}""", (await stage.Take("tap of Office")).Text());
    }

    private static async Task Bind(Stage stage, string queue, string topic)
    {
        await using var channel = await stage.Channel();
        await channel.QueueBindAsync(queue, topic, "#", cancellationToken: TestContext.Current.CancellationToken);
    }

    private static async Task<WireMessage> Taken(Stage stage, string name, string queue, WireNames names) =>
        WireMessage.Of(name, await stage.Take(queue), names);

    private sealed class Sells : IHandleMessages<PlaceOrder>
    {
        public async Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            await context.Reply(new OrderAccepted(message.Order));
            await context.Send(new AskCarrier(message.Order));
            var options = new PublishOptions();
            options.SetHeader("Position", "42");
            await context.Publish(new OrderPlaced(message.Order), options);
        }
    }

    private sealed class Hears : IHandleMessages<OrderAccepted>
    {
        public Task Handle(OrderAccepted message, IMessageHandlerContext context) => Task.CompletedTask;
    }

    private sealed class Carrier : IHandleMessages<AskCarrier>
    {
        public Task Handle(AskCarrier message, IMessageHandlerContext context) =>
            context.Reply(new CarrierAgreed("DHL"));
    }

    private sealed class Fails : IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context) =>
            throw new InvalidOperationException("It is no good.", new FormatException("Inside."));
    }

    private sealed class Reads(Notes notes)
        : IHandleMessages<PlaceOrder>, IHandleMessages<RushOrderPlaced>, IHandleMessages<OrderPlaced>,
            IHandleMessages<AskCarrier>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context) =>
            Note(nameof(PlaceOrder), message.Order, context);

        public Task Handle(RushOrderPlaced message, IMessageHandlerContext context) =>
            Note(nameof(RushOrderPlaced), message.Order, context);

        public Task Handle(OrderPlaced message, IMessageHandlerContext context) => message is RushOrderPlaced
            ? Task.CompletedTask
            : Note(nameof(OrderPlaced), message.Order, context);

        public Task Handle(AskCarrier message, IMessageHandlerContext context) =>
            Note(nameof(AskCarrier), message.Shipment, context);

        private Task Note(string type, string order, IMessageHandlerContext context)
        {
            Assert.Equal("4711", order);
            notes.Add(type, context);
            return Task.CompletedTask;
        }
    }
}
