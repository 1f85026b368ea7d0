using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using Servers;

namespace Portable.Messaging.Tests;

public sealed class ServicePlatformTests(TestServers servers)
{
    [Fact]
    public async Task A_message_that_ServiceControl_sent_again_is_acknowledged_once_it_is_handled()
    {
        await using var world = await World.Create(servers);
        await Queue(world, "Particular.ServiceControl");
        await world.Start("Sales", e =>
        {
            e.AddHandler<Notes>();
            e.AuditProcessedMessagesTo("audit");
        });
        await using (var channel = await world.Channel())
        {
            await channel.BasicPublishAsync(
                "Sales",
                "",
                mandatory: true,
                new BasicProperties
                {
                    MessageId = "m",
                    Type = typeof(PlaceOrder).FullName,
                    Headers = new Dictionary<string, object?>
                    {
                        ["ServiceControl.Retry.UniqueMessageId"] = "unique",
                        ["ServiceControl.Retry.AcknowledgementQueue"] = "Particular.ServiceControl",
                    },
                },
                """{"OrderId":"1","Total":5}"""u8.ToArray(),
                TestContext.Current.CancellationToken);
        }

        var acknowledgement = await world.Take("Particular.ServiceControl");

        Assert.Equal(0, acknowledgement.Body.Length);
        var headers = World.Texts(acknowledgement);
        Assert.Equal(
            ["NServiceBus.ControlMessage", "ServiceControl.Retry.Successful", "ServiceControl.Retry.UniqueMessageId"],
            headers.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("unique", headers["ServiceControl.Retry.UniqueMessageId"]);
        Assert.Equal("True", headers["NServiceBus.ControlMessage"]);
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d:\d{6} Z$", headers["ServiceControl.Retry.Successful"]);
        Assert.Equal("true", World.Texts(await world.Take("audit"))["ServiceControl.Retry.AcknowledgementSent"]);
        Assert.Equal(1, world.Recorder.Count<PlaceOrder>());
    }

    [Fact]
    public async Task An_endpoint_registers_with_ServiceControl_and_sends_it_heartbeats()
    {
        await using var world = await World.Create(servers);
        await Queue(world, "Particular.ServiceControl");
        await world.Start("Sales", e =>
        {
            e.AddHandler<Notes>();
            e.SendHeartbeatTo("Particular.ServiceControl", TimeSpan.FromMilliseconds(200), TimeSpan.FromMinutes(1));
        });

        // Each is sent by itself, so a heartbeat may come first.
        var told = new Dictionary<string, BasicGetResult>();
        for (var taken = 0; told.Count < 2 && taken < 300; taken++)
        {
            var message = await world.Take("Particular.ServiceControl");
            told.TryAdd(message.BasicProperties.Type!, message);
        }

        var startup = told["ServiceControl.Plugin.Heartbeat.Messages.RegisterEndpointStartup"];
        var beat = told["ServiceControl.Plugin.Heartbeat.Messages.EndpointHeartbeat"];
        using var registered = JsonDocument.Parse(startup.Body);
        Assert.Equal("Sales", registered.RootElement.GetProperty("Endpoint").GetString());
        Assert.Equal(
            Environment.MachineName,
            registered.RootElement.GetProperty("HostProperties").GetProperty("Machine").GetString());
        Assert.Equal("60000", beat.BasicProperties.Expiration);
        Assert.Equal("application/json", beat.BasicProperties.ContentType);
        var headers = World.Texts(beat);
        Assert.Equal("Send", headers["NServiceBus.MessageIntent"]);
        Assert.Equal("Sales", headers["NServiceBus.ReplyToAddress"]);
        using var heartbeat = JsonDocument.Parse(beat.Body);
        Assert.Equal("Sales", heartbeat.RootElement.GetProperty("EndpointName").GetString());
        Assert.Equal(
            registered.RootElement.GetProperty("HostId").GetGuid(),
            heartbeat.RootElement.GetProperty("HostId").GetGuid());
        Assert.Equal(
            ["EndpointName", "ExecutedAt", "Host", "HostId"],
            heartbeat.RootElement.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_endpoint_whose_queue_would_drop_messages_after_some_deliveries_does_not_start()
    {
        await using var world = await World.Create(servers);
        await using (var channel = await world.Channel())
        {
            await channel.QueueDeclareAsync(
                "Sales",
                durable: true,
                exclusive: false,
                autoDelete: false,
                new Dictionary<string, object?> { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = 7 },
                cancellationToken: TestContext.Current.CancellationToken);
        }

        var management = (await servers.RabbitMQ(TestContext.Current.CancellationToken)).Endpoint("management");
        var sales = await world.Start(
            "Sales",
            e =>
            {
                e.AddHandler<Notes>();
                e.UseTransport(new RabbitMQTransport(RoutingTopology.Conventional(QueueType.Quorum), world.Broker)
                {
                    ManagementApiConfiguration = new ManagementApiConfiguration(management.AbsoluteUri),
                });
            },
            start: false,
            installers: false);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => sales.Host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("delivery limit of 7", failure.Message, StringComparison.Ordinal);
    }

    private static async Task Queue(World world, string name)
    {
        await using var channel = await world.Channel();
        await new Transport.Topology(RoutingTopology.Conventional(QueueType.Quorum))
            .DeclareEndpoint(channel, name, TestContext.Current.CancellationToken);
    }

    private sealed class Notes(Recorder recorder) : IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            recorder.Note(message);
            return Task.CompletedTask;
        }
    }
}
