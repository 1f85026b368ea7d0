using System.Diagnostics;
using System.Text;
using RabbitMQ.Client;
using Servers;

namespace Portable.Messaging.Tests;

/// <summary>What is on the wire, property by property and header by header.</summary>
public sealed class WireFormatTests(TestServers servers)
{
    private static readonly string[] Always =
    [
        "$.diagnostics.originating.hostid", "NServiceBus.ContentType", "NServiceBus.ConversationId",
        "NServiceBus.CorrelationId", "NServiceBus.EnclosedMessageTypes", "NServiceBus.MessageId",
        "NServiceBus.MessageIntent", "NServiceBus.OriginatingEndpoint", "NServiceBus.OriginatingMachine",
        "NServiceBus.TimeSent", "NServiceBus.Version",
    ];

    [Fact]
    public async Task A_command_of_a_send_only_endpoint()
    {
        await using var world = await World.Create(servers);
        await Queue(world, "Sales");
        var shop = await world.Start("Shop", e => e.SendOnly());

        await shop.Session.Send(new PlaceOrder("4711", 20.50m), TestContext.Current.CancellationToken);

        var message = await world.Take("Sales");
        var headers = HeadersOf(message);
        Assert.Equal(Sorted([.. Always, "NServiceBus.OpenTelemetry.StartNewTrace"]), Names(headers));
        var id = headers["NServiceBus.MessageId"];
        Assert.True(Guid.TryParse(id, out _));
        Assert.Equal(id, headers["NServiceBus.CorrelationId"]);
        Assert.True(Guid.TryParse(headers["NServiceBus.ConversationId"], out _));
        Assert.Equal("Send", headers["NServiceBus.MessageIntent"]);
        Assert.Equal(
            $"{typeof(PlaceOrder).AssemblyQualifiedName}", headers["NServiceBus.EnclosedMessageTypes"].Split(';')[0]);
        Assert.Equal("application/json", headers["NServiceBus.ContentType"]);
        Assert.Equal("Shop", headers["NServiceBus.OriginatingEndpoint"]);
        Assert.Equal(Environment.MachineName, headers["NServiceBus.OriginatingMachine"]);
        Assert.Matches("^[0-9a-f]{32}$", headers["$.diagnostics.originating.hostid"]);
        Assert.Matches(
            @"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d:\d{6} Z$", headers["NServiceBus.TimeSent"]);
        Assert.Equal("False", headers["NServiceBus.OpenTelemetry.StartNewTrace"]);

        Assert.Equal("Sales", message.Exchange);
        Assert.Equal("", message.RoutingKey);
        Assert.Equal(id, message.BasicProperties.MessageId);
        Assert.Equal(id, message.BasicProperties.CorrelationId);
        Assert.Equal(typeof(PlaceOrder).FullName, message.BasicProperties.Type);
        Assert.Equal("application/json", message.BasicProperties.ContentType);
        Assert.Equal(DeliveryModes.Persistent, message.BasicProperties.DeliveryMode);
        Assert.False(message.BasicProperties.IsReplyToPresent());
        Assert.Equal("""{"OrderId":"4711","Total":20.50}""", Encoding.UTF8.GetString(message.Body.Span));
    }

    [Fact]
    public async Task What_a_handler_sends_replies_and_publishes_follows_from_its_message()
    {
        await using var world = await World.Create(servers);
        await Queue(world, "Shop");
        await Queue(world, "Shipping");
        var sales = await world.Start("Sales", e => e.AddHandler<Sales>());
        await using (var channel = await world.Channel())
        {
            await channel.ExchangeDeclareAsync(
                "Portable.Messaging.Tests:OrderPlaced", ExchangeType.Fanout, durable: true,
                cancellationToken: TestContext.Current.CancellationToken);
        }

        var tap = await world.Tap("Portable.Messaging.Tests:OrderPlaced");
        var incoming = new Dictionary<string, object?>
        {
            ["NServiceBus.MessageId"] = "the-message",
            ["NServiceBus.CorrelationId"] = "the-correlation",
            ["NServiceBus.ConversationId"] = "the-conversation",
            ["NServiceBus.ReplyToAddress"] = "Shop",
            ["NServiceBus.OriginatingSagaId"] = "00000000-0000-0000-0000-000000000001",
            ["NServiceBus.OriginatingSagaType"] = "Some.Saga, Some",
        };
        await Publish(world, "Sales", incoming, """{"OrderId":"1","Total":30}""", typeof(PlaceOrder).FullName!);

        var reply = HeadersOf(await world.Take("Shop"));
        Assert.Equal(
            Sorted([.. Always, "NServiceBus.RelatedTo", "NServiceBus.ReplyToAddress", "NServiceBus.SagaId",
                "NServiceBus.SagaType"]),
            Names(reply));
        Assert.Equal("Reply", reply["NServiceBus.MessageIntent"]);
        Assert.Equal("00000000-0000-0000-0000-000000000001", reply["NServiceBus.SagaId"]);
        Assert.Equal("Some.Saga, Some", reply["NServiceBus.SagaType"]);

        var command = HeadersOf(await world.Take("Shipping"));
        Assert.Equal(
            Sorted([.. Always, "NServiceBus.OpenTelemetry.StartNewTrace", "NServiceBus.RelatedTo",
                "NServiceBus.ReplyToAddress"]),
            Names(command));
        Assert.Equal("False", command["NServiceBus.OpenTelemetry.StartNewTrace"]);

        var taken = await world.Take(tap);
        var @event = HeadersOf(taken);
        Assert.Equal(
            Sorted([.. Always, "Commerce.Position", "NServiceBus.OpenTelemetry.StartNewTrace",
                "NServiceBus.RelatedTo", "NServiceBus.ReplyToAddress"]),
            Names(@event));
        Assert.Equal("Publish", @event["NServiceBus.MessageIntent"]);
        Assert.Equal("True", @event["NServiceBus.OpenTelemetry.StartNewTrace"]);
        Assert.Equal("42", @event["Commerce.Position"]);
        Assert.Equal(
            string.Join(
                ';',
                new[] { typeof(OrderPlaced), typeof(IShopEvent) }.Select(t => t.AssemblyQualifiedName)),
            @event["NServiceBus.EnclosedMessageTypes"]);
        Assert.Equal("Sales", taken.BasicProperties.ReplyTo);

        foreach (var headers in new[] { reply, command, @event })
        {
            Assert.Equal("the-message", headers["NServiceBus.RelatedTo"]);
            Assert.Equal("the-correlation", headers["NServiceBus.CorrelationId"]);
            Assert.Equal("the-conversation", headers["NServiceBus.ConversationId"]);
            Assert.Equal("Sales", headers["NServiceBus.ReplyToAddress"]);
        }
    }

    [Fact]
    public async Task A_delayed_message_goes_to_the_level_of_its_highest_bit()
    {
        await using var world = await World.Create(servers);
        await Queue(world, "Sales");
        var shop = await world.Start("Shop", e => e.SendOnly());
        var tap = default(string);
        var options = new SendOptions();
        options.DelayDeliveryWith(TimeSpan.FromSeconds(5));
        await shop.Session.Send(new PlaceOrder("warm-up", 20m), options, TestContext.Current.CancellationToken);
        await using (var channel = await world.Channel())
        {
            // 5 s is 4 + 1: level 2, then level 0.
            await channel.QueueDeclareAsync(
                "tap", durable: false, exclusive: false, autoDelete: false,
                cancellationToken: TestContext.Current.CancellationToken);
            await channel.QueueBindAsync(
                "tap", "nsb.v2.delay-level-02", "#", cancellationToken: TestContext.Current.CancellationToken);
            tap = "tap";
        }

        await shop.Session.Send(new PlaceOrder("1", 20m), options, TestContext.Current.CancellationToken);

        var message = await world.Take(tap);
        Assert.Equal(
            string.Concat(Enumerable.Repeat("0.", 25)) + "1.0.1.Sales", message.RoutingKey);
        Assert.Equal(5, message.BasicProperties.Headers!["NServiceBus.Transport.RabbitMQ.DelayInSeconds"]);
        Assert.Contains("NServiceBus.DeliverAt", HeadersOf(message).Keys);
        var arrived = await world.Take("Sales");
        Assert.Contains("x-death", arrived.BasicProperties.Headers!.Keys);
    }

    [Fact]
    public async Task A_trace_travels_along_and_an_event_starts_its_own_unless_told_to_continue()
    {
        using var source = new ActivitySource("wire-format-tests");
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name is "wire-format-tests" or "NServiceBus.Core",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await using var world = await World.Create(servers);
        await world.Start("Projection", e => e.AddHandler<TracesEvents>());
        var shop = await world.Start("Shop", e => e.SendOnly());
        using var request = source.StartActivity("request")!;
        var continued = new PublishOptions();
        continued.ContinueExistingTraceOnReceive();

        await shop.Session.Publish(new OrderPlaced("own"), TestContext.Current.CancellationToken);
        await shop.Session.Publish(new OrderPlaced("continued"), continued, TestContext.Current.CancellationToken);

        var traces = (await world.Recorder.Wait<(string Id, ActivityTraceId Trace)>(2))
            .ToDictionary(t => t.Id, t => t.Trace);
        Assert.Equal(request.TraceId, traces["continued"]);
        Assert.NotEqual(request.TraceId, traces["own"]);
    }

    [Fact]
    public async Task A_plain_amqp_client_needs_only_a_message_id_a_type_and_json()
    {
        await using var world = await World.Create(servers);
        await world.Start("Sales", e => e.AddHandler<Notes>());

        await Publish(world, "Sales", [], """{"OrderId":"plain","Total":1}""", typeof(PlaceOrder).FullName!);

        Assert.Equal("plain", (await world.Recorder.Wait<PlaceOrder>())[0].OrderId);
    }

    private static async Task Queue(World world, string name)
    {
        await using var channel = await world.Channel();
        await new Transport.Topology(RoutingTopology.Conventional(QueueType.Quorum))
            .DeclareEndpoint(channel, name, TestContext.Current.CancellationToken);
    }

    private static async Task Publish(
        World world, string exchange, Dictionary<string, object?> headers, string json, string type)
    {
        await using var channel = await world.Channel();
        await channel.BasicPublishAsync(
            exchange,
            "",
            mandatory: true,
            new BasicProperties { MessageId = "the-message", Type = type, Headers = headers },
            Encoding.UTF8.GetBytes(json),
            TestContext.Current.CancellationToken);
    }

    // The only header that is no text is the delay; the broker adds x-death.
    private static Dictionary<string, string> HeadersOf(BasicGetResult message) =>
        message.BasicProperties.Headers!
            .Where(h => h.Value is byte[])
            .ToDictionary(h => h.Key, h => Encoding.UTF8.GetString((byte[])h.Value!));

    private static string[] Names(Dictionary<string, string> headers) => Sorted(headers.Keys);

    private static string[] Sorted(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];

    private sealed class Sales : IHandleMessages<PlaceOrder>
    {
        public async Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            await context.Reply(new OrderAccepted(message.OrderId));
            await context.Send(new StartShipping(Guid.Empty, 1));
            var options = new PublishOptions();
            options.SetHeader("Commerce.Position", "42");
            await context.Publish(new OrderPlaced(message.OrderId), options);
        }
    }

    private sealed class Notes(Recorder recorder) : IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            recorder.Note(message);
            return Task.CompletedTask;
        }
    }

    private sealed class TracesEvents(Recorder recorder) : IHandleMessages<IShopEvent>
    {
        public Task Handle(IShopEvent message, IMessageHandlerContext context)
        {
            recorder.Note((message.OrderId, Activity.Current!.TraceId));
            return Task.CompletedTask;
        }
    }
}
