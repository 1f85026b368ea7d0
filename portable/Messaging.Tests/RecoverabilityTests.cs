using System.Collections.Concurrent;
using System.Text;
using RabbitMQ.Client;
using Servers;

namespace Portable.Messaging.Tests;

public sealed class RecoverabilityTests(TestServers servers)
{
    [Fact]
    public async Task A_message_that_is_given_up_tells_in_its_headers_what_has_happened()
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
        var headers = World.Texts(failed);
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

        Assert.Equal("Sales", World.Texts(await world.Take("error"))["NServiceBus.FailedQ"]);
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

    private sealed class Fails(Recorder recorder) : IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            recorder.Note(message);
            throw new InvalidOperationException("It is no good.", new FormatException());
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
