using System.Collections.Concurrent;
using System.Text;
using RabbitMQ.Client;
using Servers;

namespace Portable.Messaging.Tests;

public sealed class RecoverabilityTests(TestServers servers)
{
    [Fact]
    public async Task A_message_that_fails_is_retried_at_once_then_delayed_then_moved_to_the_error_queue()
    {
        await using var world = await World.Create(servers);
        var faults = new ConcurrentQueue<string>();
        var sales = await world.Start("Sales", e =>
        {
            e.AddHandler<Fails>();
            e.Recoverability()
                .Immediate(i => i.NumberOfRetries(2))
                .Delayed(d => d.NumberOfRetries(1).TimeIncrease(TimeSpan.FromSeconds(1)))
                .Failed(f => f.OnMessageSentToErrorQueue((failed, _) =>
                {
                    faults.Enqueue($"{failed.MessageId} to {failed.ErrorQueue}: {failed.Exception.Message}");
                    return Task.CompletedTask;
                }));
        });
        var options = new SendOptions();
        options.RouteToThisEndpoint();
        options.SetMessageId("bad");

        await sales.Session.Send(new PlaceOrder("1", 5m), options, TestContext.Current.CancellationToken);

        var failed = await world.Take("error");
        Assert.Equal(6, world.Recorder.Count<PlaceOrder>());
        var headers = Texts(failed);
        Assert.Equal("Sales", headers["NServiceBus.FailedQ"]);
        Assert.Equal("System.InvalidOperationException", headers["NServiceBus.ExceptionInfo.ExceptionType"]);
        Assert.Equal("It is no good.", headers["NServiceBus.ExceptionInfo.Message"]);
        Assert.Equal("System.FormatException", headers["NServiceBus.ExceptionInfo.InnerExceptionType"]);
        Assert.Contains(
            "RecoverabilityTests", headers["NServiceBus.ExceptionInfo.StackTrace"], StringComparison.Ordinal);
        Assert.Equal("Portable.Messaging.Tests", headers["NServiceBus.ExceptionInfo.Source"]);
        Assert.Equal(typeof(PlaceOrder).FullName, headers["NServiceBus.ExceptionInfo.Data.Message type"]);
        Assert.Equal(typeof(Fails).FullName, headers["NServiceBus.ExceptionInfo.Data.Handler type"]);
        Assert.Contains("NServiceBus.ExceptionInfo.Data.Handler start time", headers.Keys);
        Assert.Contains("NServiceBus.ExceptionInfo.Data.Handler failure time", headers.Keys);
        Assert.Equal("bad", headers["NServiceBus.ExceptionInfo.Data.Message ID"]);
        Assert.Equal("Sales", headers["NServiceBus.ProcessingEndpoint"]);
        Assert.Equal(Environment.MachineName, headers["NServiceBus.ProcessingMachine"]);
        Assert.Matches("^[0-9a-f]{32}$", headers["$.diagnostics.hostid"]);
        Assert.Contains("$.diagnostics.hostdisplayname", headers.Keys);
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d:\d{6} Z$", headers["NServiceBus.TimeOfFailure"]);
        Assert.Contains("NServiceBus.Retries.Timestamp", headers.Keys);
        Assert.DoesNotContain("NServiceBus.Retries", headers.Keys);
        Assert.DoesNotContain("x-death", failed.BasicProperties.Headers!.Keys);
        Assert.DoesNotContain(
            "NServiceBus.Transport.RabbitMQ.DelayInSeconds", failed.BasicProperties.Headers!.Keys);
        Assert.Equal("""{"OrderId":"1","Total":5}""", Encoding.UTF8.GetString(failed.Body.Span));
        Assert.Equal(["bad to error: It is no good."], faults);
    }

    [Fact]
    public async Task A_message_back_from_the_error_queue_is_handled()
    {
        await using var world = await World.Create(servers);
        var sales = await world.Start("Sales", e =>
        {
            e.AddHandler<FailsFirst>();
            e.Recoverability().Immediate(i => i.NumberOfRetries(0));
        });
        await sales.Session.SendLocal(new PlaceOrder("1", 5m), TestContext.Current.CancellationToken);
        var failed = await world.Take("error");

        await using var channel = await world.Channel();
        await channel.BasicPublishAsync(
            "Sales", "", mandatory: true, new BasicProperties(failed.BasicProperties), failed.Body,
            TestContext.Current.CancellationToken);

        Assert.Equal(["failed", "handled"], await world.Recorder.Wait<string>(2));
    }

    [Fact]
    public async Task An_unrecoverable_exception_goes_to_the_error_queue_without_a_retry()
    {
        await using var world = await World.Create(servers);
        var sales = await world.Start("Sales", e =>
        {
            e.AddHandler<Fails>();
            e.Recoverability().AddUnrecoverableException<InvalidOperationException>();
        });

        await sales.Session.SendLocal(new PlaceOrder("1", 5m), TestContext.Current.CancellationToken);

        await world.Take("error");
        Assert.Equal(1, world.Recorder.Count<PlaceOrder>());
    }

    [Fact]
    public async Task A_policy_of_ones_own_decides()
    {
        await using var world = await World.Create(servers);
        var sales = await world.Start("Sales", e =>
        {
            e.AddHandler<Fails>();
            e.AddHandler<NotesParcels>();
            e.Recoverability().CustomPolicy((config, context) =>
                context.Exception is InvalidOperationException && context.ImmediateProcessingFailures == 2
                    ? RecoverabilityAction.Discard("twice is enough")
                    : DefaultRecoverabilityPolicy.Invoke(config, context));
        });

        await sales.Session.SendLocal(new PlaceOrder("1", 5m), TestContext.Current.CancellationToken);
        await world.Recorder.Wait<PlaceOrder>(2);
        await sales.Session.SendLocal(new ParcelPacked(Guid.Empty, 1), TestContext.Current.CancellationToken);

        await world.Recorder.Wait<ParcelPacked>();
        Assert.Equal(2, world.Recorder.Count<PlaceOrder>());
    }

    [Theory]
    [InlineData("{ this is no json", "Portable.Messaging.Tests.PlaceOrder", "MessageDeserializationException")]
    [InlineData("{}", "Some.Unknown.Type", "MessageDeserializationException")]
    public async Task Unreadable_bodies_and_unknown_types_go_to_the_error_queue_at_once(
        string body, string type, string exception)
    {
        await using var world = await World.Create(servers);
        await world.Start("Sales", e => e.AddHandler<Fails>());
        await Publish(world, Encoding.UTF8.GetBytes(body), new BasicProperties { MessageId = "m", Type = type });

        var failed = await world.Take("error");

        Assert.Equal(body, Encoding.UTF8.GetString(failed.Body.Span));
        Assert.EndsWith(exception, Texts(failed)["NServiceBus.ExceptionInfo.ExceptionType"], StringComparison.Ordinal);
        Assert.Equal(type, failed.BasicProperties.Type);
    }

    [Fact]
    public async Task A_message_that_nobody_handles_is_retried_and_goes_to_the_error_queue()
    {
        await using var world = await World.Create(servers);
        await world.Start("Sales", e =>
        {
            e.AddHandler<Fails>();
            e.Recoverability().Immediate(i =>
            {
                i.NumberOfRetries(2);
                i.OnMessageBeingRetried((retry, _) =>
                {
                    world.Recorder.Note(retry.RetryAttempt);
                    return Task.CompletedTask;
                });
            });
        });
        var body = """{"OrderId":"1"}"""u8.ToArray();
        await Publish(
            world, body, new BasicProperties { MessageId = "m", Type = "Portable.Messaging.Tests.OrderAccepted" });

        var failed = await world.Take("error");

        Assert.Equal([0, 1], world.Recorder.Messages);
        Assert.Equal("System.InvalidOperationException", Texts(failed)["NServiceBus.ExceptionInfo.ExceptionType"]);
        Assert.Equal(body, failed.Body.ToArray());
    }

    [Fact]
    public async Task A_message_without_an_id_goes_raw_to_the_error_queue_and_blocks_nothing()
    {
        await using var world = await World.Create(servers);
        var sales = await world.Start("Sales", e => e.AddHandler<NotesParcels>());
        byte[] poison = [0, 255, 1, 254];
        var properties = new BasicProperties { Headers = new Dictionary<string, object?> { ["x"] = 7 }, AppId = "app" };
        await Publish(world, poison, properties);
        await sales.Session.SendLocal(new ParcelPacked(Guid.Empty, 1), TestContext.Current.CancellationToken);

        var failed = await world.Take("error");

        Assert.Equal(poison, failed.Body.ToArray());
        Assert.Equal("app", failed.BasicProperties.AppId);
        // A quorum queue counts the deliveries of whatever is in it.
        var header = Assert.Single(failed.BasicProperties.Headers!, h => h.Key != "x-delivery-count");
        Assert.Equal(("x", 7), (header.Key, header.Value));
        await world.Recorder.Wait<ParcelPacked>();
    }

    [Fact]
    public async Task While_the_error_queue_is_away_a_failed_message_stays_and_others_are_handled()
    {
        await using var world = await World.Create(servers);
        var sales = await world.Start("Sales", e =>
        {
            e.AddHandler<Fails>();
            e.AddHandler<NotesParcels>();
            e.Recoverability().Immediate(i => i.NumberOfRetries(0));
        });
        await using (var channel = await world.Channel())
        {
            await channel.ExchangeDeleteAsync("error", cancellationToken: TestContext.Current.CancellationToken);
            await channel.QueueDeleteAsync("error", cancellationToken: TestContext.Current.CancellationToken);
        }

        await sales.Session.SendLocal(new PlaceOrder("1", 5m), TestContext.Current.CancellationToken);
        await world.Recorder.Wait<PlaceOrder>(2);
        await sales.Session.SendLocal(new ParcelPacked(Guid.Empty, 1), TestContext.Current.CancellationToken);
        await world.Recorder.Wait<ParcelPacked>();

        await using (var channel = await world.Channel())
        {
            await new Transport.Topology(RoutingTopology.Conventional(QueueType.Quorum))
                .DeclareEndpoint(channel, "error", TestContext.Current.CancellationToken);
        }

        Assert.Equal("Sales", Texts(await world.Take("error"))["NServiceBus.FailedQ"]);
    }

    [Fact]
    public async Task While_the_error_queue_is_full_a_failed_message_stays_and_others_are_handled()
    {
        await using var world = await World.Create(servers);
        var sales = await world.Start("Sales", e =>
        {
            e.AddHandler<Fails>();
            e.AddHandler<NotesParcels>();
            e.Recoverability().Immediate(i => i.NumberOfRetries(0));
        });
        await using (var channel = await world.Channel())
        {
            // Its place is taken by a queue that refuses what it has no room for.
            await channel.QueueDeleteAsync("error", cancellationToken: TestContext.Current.CancellationToken);
            await channel.QueueDeclareAsync(
                "error", durable: true, exclusive: false, autoDelete: false,
                new Dictionary<string, object?>
                {
                    ["x-max-length"] = 1,
                    ["x-overflow"] = "reject-publish",
                },
                cancellationToken: TestContext.Current.CancellationToken);
            await channel.QueueBindAsync(
                "error", "error", "", cancellationToken: TestContext.Current.CancellationToken);
        }

        await sales.Session.SendLocal(new PlaceOrder("1", 5m), TestContext.Current.CancellationToken);
        await sales.Session.SendLocal(new PlaceOrder("2", 5m), TestContext.Current.CancellationToken);
        await world.Recorder.Wait<PlaceOrder>(4);
        await sales.Session.SendLocal(new ParcelPacked(Guid.Empty, 1), TestContext.Current.CancellationToken);
        await world.Recorder.Wait<ParcelPacked>();

        // Whatever becomes room is used, and in the end both are there.
        var bodies = new[] { await world.Take("error"), await world.Take("error") }
            .Select(failed => Encoding.UTF8.GetString(failed.Body.Span));
        Assert.Equal(2, bodies.Distinct().Count());
    }

    [Fact]
    public async Task While_everything_fails_the_endpoint_slows_down_until_a_message_is_handled()
    {
        await using var world = await World.Create(servers);
        var sales = await world.Start("Sales", e =>
        {
            e.AddHandler<Fails>();
            e.AddHandler<NotesParcels>();
            e.Recoverability().Immediate(i => i.NumberOfRetries(4)).OnConsecutiveFailures(
                3,
                new RateLimitSettings(
                    TimeSpan.FromMilliseconds(50),
                    _ =>
                    {
                        world.Recorder.Note("slow");
                        return Task.CompletedTask;
                    },
                    _ =>
                    {
                        world.Recorder.Note("fast");
                        return Task.CompletedTask;
                    }));
        });

        await sales.Session.SendLocal(new PlaceOrder("1", 5m), TestContext.Current.CancellationToken);
        await world.Take("error");
        Assert.Equal(["slow"], world.Recorder.Messages.OfType<string>());
        await sales.Session.SendLocal(new ParcelPacked(Guid.Empty, 1), TestContext.Current.CancellationToken);

        Assert.Equal(["slow", "fast"], await world.Recorder.Wait<string>(2));
    }

    [Fact]
    public async Task Handled_messages_are_copied_to_the_audit_queue()
    {
        await using var world = await World.Create(servers);
        var sales = await world.Start("Sales", e =>
        {
            e.AddHandler<NotesParcels>();
            e.AuditProcessedMessagesTo("audit", TimeSpan.FromMinutes(5));
        });

        await sales.Session.SendLocal(new ParcelPacked(Guid.Empty, 1), TestContext.Current.CancellationToken);

        var copy = await world.Take("audit");
        Assert.Equal("300000", copy.BasicProperties.Expiration);
        var headers = Texts(copy);
        Assert.Equal("Sales", headers["NServiceBus.ProcessingEndpoint"]);
        Assert.Contains("NServiceBus.ProcessingStarted", headers.Keys);
        Assert.Contains("NServiceBus.ProcessingEnded", headers.Keys);
        Assert.Contains("$.diagnostics.hostid", headers.Keys);
    }

    private static async Task Publish(World world, byte[] body, BasicProperties properties)
    {
        await using var channel = await world.Channel();
        await channel.BasicPublishAsync(
            "Sales", "", mandatory: true, properties, body, TestContext.Current.CancellationToken);
    }

    private static Dictionary<string, string> Texts(BasicGetResult message) =>
        message.BasicProperties.Headers!
            .Where(h => h.Value is byte[])
            .ToDictionary(h => h.Key, h => Encoding.UTF8.GetString((byte[])h.Value!));

    private sealed class Fails(Recorder recorder) : IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            recorder.Note(message);
            throw new InvalidOperationException("It is no good.", new FormatException());
        }
    }

    private sealed class FailsFirst(Recorder recorder) : IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            if (!recorder.Messages.Any())
            {
                recorder.Note("failed");
                throw new InvalidOperationException("The first time it fails.");
            }

            recorder.Note("handled");
            return Task.CompletedTask;
        }
    }

    private sealed class NotesParcels(Recorder recorder) : IHandleMessages<ParcelPacked>
    {
        public Task Handle(ParcelPacked message, IMessageHandlerContext context)
        {
            recorder.Note(message);
            return Task.CompletedTask;
        }
    }
}
