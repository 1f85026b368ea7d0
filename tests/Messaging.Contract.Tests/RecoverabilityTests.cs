using System.Globalization;
using RabbitMQ.Client;
using Servers;

namespace Messaging.Contract.Tests;

public sealed class RecoverabilityTests(TestServers servers)
{
    [Fact]
    public async Task A_message_that_fails_is_retried_at_once_then_delayed_then_moved_to_the_error_queue()
    {
        await using var stage = await Stage.Set(servers);
        var sales = await stage.Start("Sales", e =>
        {
            e.AddHandler<Fails>();
            e.Recoverability()
                .Immediate(immediate => immediate.NumberOfRetries(2))
                .Delayed(delayed => delayed.NumberOfRetries(1).TimeIncrease(TimeSpan.FromSeconds(1)))
                .Failed(failed => failed
                    .HeaderCustomization(headers => headers["Customized"] = "yes")
                    .OnMessageSentToErrorQueue((message, _) =>
                    {
                        stage.Notes.Add(
                            $"{message.MessageId} sent to {message.ErrorQueue}: {message.Exception.Message}");
                        return Task.CompletedTask;
                    }));
        });
        var options = new SendOptions();
        options.RouteToThisEndpoint();
        options.SetMessageId("bad");

        await sales.Send(new PlaceOrder("1", 5m), options);

        var failed = await stage.Take("error");
        var notes = await stage.Notes.Wait(7);
        Assert.Equal([.. Enumerable.Repeat("1", 6), "bad sent to error: It is no good."], notes.Select(n => n.Text));
        Assert.Equal(
            ["none", "none", "none", "1", "1", "1"],
            notes.Take(6).Select(n => n.Headers.GetValueOrDefault("NServiceBus.Retries", "none")));
        var headers = failed.Texts();
        Assert.Equal("Sales", headers["NServiceBus.FailedQ"]);
        Assert.Equal("System.InvalidOperationException", headers["NServiceBus.ExceptionInfo.ExceptionType"]);
        Assert.Equal("System.FormatException", headers["NServiceBus.ExceptionInfo.InnerExceptionType"]);
        Assert.Equal("It is no good.", headers["NServiceBus.ExceptionInfo.Message"]);
        Assert.Equal("yes", headers["Customized"]);
        Assert.Equal("""{"Order":"1","Total":5}""", failed.Text());
        Assert.Equal("bad", failed.BasicProperties.MessageId);
    }

    [Fact]
    public async Task An_unrecoverable_exception_and_those_derived_from_it_are_not_retried()
    {
        await using var stage = await Stage.Set(servers);
        var sales = await stage.Start("Sales", e =>
        {
            e.AddHandler<Fails>();
            e.Recoverability().AddUnrecoverableException<SystemException>();
        });

        await sales.SendLocal(new PlaceOrder("1", 5m));

        await stage.Take("error");
        Assert.Single(stage.Notes.All);
    }

    [Fact]
    public async Task A_policy_can_discard_delay_and_move_elsewhere()
    {
        await using var stage = await Stage.Set(servers);
        await stage.Start("Rejects", e => e.AddHandler<Fails>());
        var sales = await stage.Start("Sales", e =>
        {
            e.AddHandler<Fails>();
            e.Recoverability().CustomPolicy((config, error) => error.MessageId switch
            {
                "discard" => RecoverabilityAction.Discard("of no use"),
                "elsewhere" => RecoverabilityAction.MoveToError("Shelf"),
                "again" when error.DelayedDeliveriesPerformed < 2 =>
                    RecoverabilityAction.DelayedRetry(TimeSpan.FromSeconds(1)),
                "at once" when error.ImmediateProcessingFailures < 3 => RecoverabilityAction.ImmediateRetry(),
                "at once" or "again" => RecoverabilityAction.MoveToError(config.Failed.ErrorQueue),
                _ => DefaultRecoverabilityPolicy.Invoke(config, error),
            });
        });
        await using (var channel = await stage.Channel())
        {
            await channel.ExchangeDeclareAsync(
                "Shelf", ExchangeType.Fanout, durable: true, cancellationToken: TestContext.Current.CancellationToken);
        }

        var shelf = await stage.Tap("Shelf");
        foreach (var id in new[] { "discard", "elsewhere", "again", "at once" })
        {
            var options = new SendOptions();
            options.RouteToThisEndpoint();
            options.SetMessageId(id);
            await sales.Send(new PlaceOrder(id, 5m), options);
        }

        Assert.Equal("elsewhere", (await stage.Take(shelf)).BasicProperties.MessageId);
        string?[] failed =
            [(await stage.Take("error")).BasicProperties.MessageId, (await stage.Take("error")).BasicProperties.MessageId];
        Assert.Equal(["again", "at once"], failed.Order());
        var tries = stage.Notes.Texts.CountBy(text => text).ToDictionary();
        Assert.Equal(1, tries["discard"]);
        Assert.Equal(1, tries["elsewhere"]);
        Assert.Equal(3, tries["again"]);
        Assert.Equal(3, tries["at once"]);
        Assert.Equal(0, await stage.Waiting("Sales"));
    }

    [Fact]
    public async Task Retries_are_told_to_those_who_listen()
    {
        await using var stage = await Stage.Set(servers);
        var sales = await stage.Start("Sales", e =>
        {
            e.AddHandler<Fails>();
            e.Recoverability()
                .Immediate(immediate => immediate
                    .OnMessageBeingRetried((retry, _) =>
                    {
                        stage.Notes.Add(string.Create(CultureInfo.InvariantCulture, $"at once {retry.RetryAttempt}"));
                        return Task.CompletedTask;
                    })
                    .NumberOfRetries(1))
                .Delayed(delayed => delayed.NumberOfRetries(1).TimeIncrease(TimeSpan.FromSeconds(1))
                    .OnMessageBeingRetried((retry, _) =>
                    {
                        stage.Notes.Add(string.Create(CultureInfo.InvariantCulture, $"delayed {retry.RetryAttempt}"));
                        return Task.CompletedTask;
                    }));
        });

        await sales.SendLocal(new PlaceOrder("1", 5m));

        await stage.Take("error");
        // The notice of a delayed retry may come after the retry itself has begun.
        Assert.Equal(
            ["1", "1", "1", "1", "at once 0", "at once 0", "delayed 1"],
            (await stage.Notes.Wait(7)).Select(n => n.Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_message_back_from_the_error_queue_is_handled_with_all_its_retries()
    {
        await using var stage = await Stage.Set(servers);
        var sales = await stage.Start("Sales", e =>
        {
            e.AddHandler<FailsTwice>();
            e.Recoverability().Immediate(immediate => immediate.NumberOfRetries(0));
        });
        await sales.SendLocal(new PlaceOrder("1", 5m));

        for (var again = 0; again < 2; again++)
        {
            var failed = await stage.Take("error");
            await stage.Put("Sales", new BasicProperties(failed.BasicProperties), failed.Text());
        }

        Assert.Equal(["fails", "fails", "handled"], (await stage.Notes.Wait(3)).Select(n => n.Text));
    }

    [Theory]
    [InlineData("{ this is no json", "Messaging.Contract.Tests.PlaceOrder")]
    [InlineData("{}", "Some.Unknown.Type")]
    public async Task Bodies_that_do_not_parse_and_unknown_types_go_to_the_error_queue_as_they_are_and_at_once(
        string body, string type)
    {
        await using var stage = await Stage.Set(servers);
        await stage.Start("Sales", e => e.AddHandler<Fails>());
        await stage.Put("Sales", new BasicProperties { MessageId = "m", Type = type }, body);

        var failed = await stage.Take("error");

        Assert.Equal(body, failed.Text());
        Assert.Equal(type, failed.BasicProperties.Type);
        Assert.Equal("Sales", failed.Texts()["NServiceBus.FailedQ"]);
        Assert.EndsWith(
            "MessageDeserializationException",
            failed.Texts()["NServiceBus.ExceptionInfo.ExceptionType"],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_without_an_id_goes_raw_to_the_error_queue_and_blocks_nothing()
    {
        await using var stage = await Stage.Set(servers);
        var sales = await stage.Start("Sales", e => e.AddHandler<Hears>());
        await stage.Put("Sales", new BasicProperties { AppId = "app" }, "raw");
        await sales.SendLocal(new CheckOrder("next"));

        var failed = await stage.Take("error");

        Assert.Equal("raw", failed.Text());
        Assert.Equal("app", failed.BasicProperties.AppId);
        await stage.Notes.Wait();
    }

    private sealed class Fails(Notes notes) : IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            notes.Add(message.Order, context);
            throw new InvalidOperationException("It is no good.", new FormatException());
        }
    }

    private sealed class FailsTwice(Notes notes) : IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            var fails = notes.All.Count < 2;
            notes.Add(fails ? "fails" : "handled");
            return fails ? throw new InvalidOperationException("Not yet.") : Task.CompletedTask;
        }
    }

    private sealed class Hears(Notes notes) : IHandleMessages<CheckOrder>
    {
        public Task Handle(CheckOrder message, IMessageHandlerContext context)
        {
            notes.Add(message.Order, context);
            return Task.CompletedTask;
        }
    }
}
