using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using Servers;

namespace Portable.Messaging.Tests;

/// <summary>Names, order and headers are those of NServiceBus.SagaAudit 6.0.1.</summary>
public sealed class SagaAuditTests(TestServers servers)
{
    [Fact]
    public async Task Every_change_of_a_saga_is_reported_and_told_on_the_audited_message()
    {
        await using var world = await World.Create(servers);
        var sales = await Sales(world, e => e.AuditSagaStateChanges("audit"));
        var start = await world.Take("audit");
        Assert.Equal(
            ["NServiceBus.ControlMessage", "NServiceBus.MessageIntent", "NServiceBus.ReplyToAddress"],
            World.Texts(start).Keys.Order(StringComparer.Ordinal));
        Assert.Equal(0, start.Body.Length);

        await sales.Session.SendLocal(new PlaceOrder("o", 3), TestContext.Current.CancellationToken);
        var (begun, placed) = await Pair(world);
        await sales.Session.SendLocal(new OrderAccepted("o"), TestContext.Current.CancellationToken);
        var (ended, accepted) = await Pair(world);

        Assert.Equal("ServiceControl.EndpointPlugin.Messages.SagaState.SagaUpdatedMessage", begun.BasicProperties.Type);
        Assert.True(Guid.TryParse(begun.BasicProperties.MessageId, out _));
        Assert.False(begun.BasicProperties.IsExpirationPresent());
        var headers = World.Texts(begun);
        Assert.Equal(
            ["NServiceBus.ContentType", "NServiceBus.EnclosedMessageTypes", "NServiceBus.MessageIntent",
                "NServiceBus.ReplyToAddress"],
            headers.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("application/json", headers["NServiceBus.ContentType"]);
        Assert.Equal("Send", headers["NServiceBus.MessageIntent"]);
        Assert.Equal("Sales", headers["NServiceBus.ReplyToAddress"]);

        var report = Report(begun);
        var type = typeof(Shipping).FullName;
        Assert.Equal(
            ["SagaState", "SagaId", "Initiator", "ResultingMessages", "Endpoint", "IsNew", "IsCompleted", "StartTime",
                "FinishTime", "SagaType"],
            report.EnumerateObject().Select(property => property.Name));
        var id = report.GetProperty("SagaId").GetGuid();
        using var state = JsonDocument.Parse(report.GetProperty("SagaState").GetString()!);
        Assert.Equal("o", state.RootElement.GetProperty("OrderId").GetString());
        Assert.Equal(id, state.RootElement.GetProperty("Id").GetGuid());
        Assert.Equal("Sales", report.GetProperty("Endpoint").GetString());
        Assert.Equal(type, report.GetProperty("SagaType").GetString());
        Assert.True(report.GetProperty("IsNew").GetBoolean());
        Assert.False(report.GetProperty("IsCompleted").GetBoolean());
        Assert.True(
            report.GetProperty("StartTime").GetDateTime() <= report.GetProperty("FinishTime").GetDateTime());

        var initiator = report.GetProperty("Initiator");
        Assert.Equal(
            ["InitiatingMessageId", "MessageType", "IsSagaTimeoutMessage", "TimeSent", "OriginatingMachine",
                "OriginatingEndpoint", "Intent"],
            initiator.EnumerateObject().Select(property => property.Name));
        Assert.Equal(World.Texts(placed)["NServiceBus.MessageId"], Text(initiator, "InitiatingMessageId"));
        Assert.Equal(typeof(PlaceOrder).FullName, Text(initiator, "MessageType"));
        Assert.Equal("Sales", Text(initiator, "OriginatingEndpoint"));
        Assert.Equal("Send", Text(initiator, "Intent"));

        var outputs = report.GetProperty("ResultingMessages").EnumerateArray().ToArray();
        Assert.Equal(2, outputs.Length);
        Assert.All(outputs, output => Assert.Equal(
            ["MessageType", "TimeSent", "DeliveryAt", "DeliveryDelay", "Destination", "ResultingMessageId", "Intent"],
            output.EnumerateObject().Select(property => property.Name)));
        Assert.Equal(typeof(OrderPlaced).FullName, Text(outputs[0], "MessageType"));
        Assert.Equal("Publish", Text(outputs[0], "Intent"));
        Assert.Null(Text(outputs[0], "Destination"));
        Assert.Equal(typeof(ShippingOverdue).FullName, Text(outputs[1], "MessageType"));
        Assert.Equal("00:15:00", Text(outputs[1], "DeliveryDelay"));
        Assert.Equal("Sales", Text(outputs[1], "Destination"));

        Assert.True(Report(ended).GetProperty("IsCompleted").GetBoolean());
        Assert.False(Report(ended).GetProperty("IsNew").GetBoolean());
        Assert.Equal($"{type}:{id}", World.Texts(placed)["NServiceBus.InvokedSagas"]);
        Assert.Equal($"{id}:New", World.Texts(placed)["ServiceControl.SagaStateChange"]);
        Assert.Equal($"{id}:Completed", World.Texts(accepted)["ServiceControl.SagaStateChange"]);
    }

    [Fact]
    public async Task A_saga_is_reported_as_its_endpoint_wants_it_shown()
    {
        await using var world = await World.Create(servers);
        var sales = await Sales(
            world,
            e => e.AuditSagaStateChanges("audit", data => new() { ["Order"] = ((ShippingData)data).OrderId }));
        await world.Take("audit");
        await sales.Session.SendLocal(new PlaceOrder("o", 3), TestContext.Current.CancellationToken);

        Assert.Equal("""{"Order":"o"}""", Text(Report((await Pair(world)).Report), "SagaState"));
    }

    private static Task<RunningEndpoint> Sales(World world, Action<EndpointConfiguration> report) => world.Start(
        "Sales",
        e =>
        {
            e.AddSaga<Shipping>();
            e.AuditProcessedMessagesTo("audit");
            report(e);
        },
        outbox: true);

    /// <summary>The report and the audited message, in whichever order they came.</summary>
    private static async Task<(BasicGetResult Report, BasicGetResult Message)> Pair(World world)
    {
        var first = await world.Take("audit");
        var second = await world.Take("audit");
        return first.BasicProperties.Type!.StartsWith("ServiceControl.", StringComparison.Ordinal)
            ? (first, second)
            : (second, first);
    }

    private static JsonElement Report(BasicGetResult message) =>
        JsonElement.Parse(Encoding.UTF8.GetString(message.Body.Span));

    private static string? Text(JsonElement thing, string name) => thing.GetProperty(name).GetString();

    public sealed class ShippingData : ContainSagaData
    {
        public string OrderId { get; set; } = "";
    }

    private sealed class Shipping
        : Saga<ShippingData>, IAmStartedByMessages<PlaceOrder>, IHandleMessages<OrderAccepted>,
            IHandleTimeouts<ShippingOverdue>
    {
        public async Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            await context.Publish(new OrderPlaced(message.OrderId));
            await RequestTimeout(context, TimeSpan.FromMinutes(15), new ShippingOverdue("late"));
        }

        public Task Handle(OrderAccepted message, IMessageHandlerContext context)
        {
            MarkAsComplete();
            return Task.CompletedTask;
        }

        public Task Timeout(ShippingOverdue state, IMessageHandlerContext context) => Task.CompletedTask;

        protected override void ConfigureHowToFindSaga(SagaPropertyMapper<ShippingData> mapper) =>
            mapper.MapSaga(saga => saga.OrderId)
                .ToMessage<PlaceOrder>(message => message.OrderId)
                .ToMessage<OrderAccepted>(message => message.OrderId);
    }
}
