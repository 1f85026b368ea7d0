using Microsoft.Extensions.DependencyInjection;
using Servers;

namespace Messaging.Contract.Tests;

public sealed class PipelineTests(TestServers servers)
{
    [Fact]
    public async Task Behaviors_run_around_their_stages_of_sending_and_handling()
    {
        await using var stage = await Stage.Set(servers);
        await stage.Start(
            "Sales",
            e =>
            {
                e.AddHandler<Hears>();
                e.Pipeline.Register(new Decrypts(stage.Notes), "Reads the bytes");
                e.Pipeline.Register(new Doubles(stage.Notes), "Doubles the total");
                e.Pipeline.Register(new Surrounds(stage.Notes), "Notes every handler");
            },
            stored: true);
        var shop = await stage.Start("Shop", e =>
        {
            e.SendOnly();
            e.Pipeline.Register(new Stamps(), "Adds a header");
            e.Pipeline.Register(new Encrypts(), "Hides the bytes");
        });

        await shop.Send(new PlaceOrder("1", 21m));

        Assert.Equal(
            [
                "physical begins", "logical begins", "handler Hears begins", "1 for 42, stamped", "handler Hears ends",
                "logical ends", "physical ends",
            ],
            (await stage.Notes.Wait(7)).Select(n => n.Text));
    }

    [Fact]
    public async Task A_behavior_is_made_by_the_container_and_can_swallow_a_message()
    {
        await using var stage = await Stage.Set(servers);
        var sales = await stage.Start("Sales", e =>
        {
            e.AddHandler<Hears>();
            e.Pipeline.Register(typeof(Swallows), "Takes the orders with nothing in them");
            e.LimitMessageProcessingConcurrencyTo(1);
        });

        await sales.SendLocal(new PlaceOrder("empty", 0m));
        await sales.SendLocal(new PlaceOrder("full", 1m));

        Assert.Equal(
            ["swallowed empty", "full for 1, unstamped"], (await stage.Notes.Wait(2)).Select(n => n.Text));
        Assert.Equal(0, await stage.Waiting("error"));
    }

    [Fact]
    public async Task Installers_run_before_the_first_message()
    {
        await using var stage = await Stage.Set(servers);
        var sales = await stage.Start("Sales", e =>
        {
            e.AddHandler<Hears>();
            e.AddInstaller<Installs>();
        });

        await sales.SendLocal(new PlaceOrder("1", 1m));

        Assert.Equal(["installed", "1 for 1, unstamped"], (await stage.Notes.Wait(2)).Select(n => n.Text));
    }

    [Fact]
    public async Task Handled_messages_are_copied_to_the_audit_queue_with_all_they_came_with()
    {
        await using var stage = await Stage.Set(servers);
        var sales = await stage.Start("Sales", e =>
        {
            e.AddHandler<Hears>();
            e.AuditProcessedMessagesTo("audit");
        });
        var options = new SendOptions();
        options.RouteToThisEndpoint();
        options.SetMessageId("audited");
        options.SetHeader("Own", "value");

        await sales.Send(new PlaceOrder("1", 1m), options);

        var copy = await stage.Take("audit");
        var headers = copy.Texts();
        Assert.Equal("""{"Order":"1","Total":1}""", copy.Text());
        Assert.Equal("audited", copy.BasicProperties.MessageId);
        Assert.Equal("value", headers["Own"]);
        Assert.Equal("Sales", headers["NServiceBus.ProcessingEndpoint"]);
        Assert.Contains("NServiceBus.ProcessingStarted", headers.Keys);
        Assert.Contains("NServiceBus.ProcessingEnded", headers.Keys);
    }

    private static byte[] Flipped(ReadOnlyMemory<byte> body) => [.. body.ToArray().Select(b => (byte)~b)];

    private sealed class Hears(Notes notes) : IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            var stamp = context.MessageHeaders.ContainsKey("Stamp") ? "stamped" : "unstamped";
            notes.Add($"{message.Order} for {message.Total:0}, {stamp}", context);
            return Task.CompletedTask;
        }
    }

    private sealed class Stamps : Behavior<IOutgoingLogicalMessageContext>
    {
        public override Task Invoke(IOutgoingLogicalMessageContext context, Func<Task> next)
        {
            context.Headers["Stamp"] = "yes";
            return next();
        }
    }

    private sealed class Encrypts : Behavior<IOutgoingPhysicalMessageContext>
    {
        public override Task Invoke(IOutgoingPhysicalMessageContext context, Func<Task> next)
        {
            context.UpdateMessage(Flipped(context.Body));
            return next();
        }
    }

    private sealed class Decrypts(Notes notes) : Behavior<IIncomingPhysicalMessageContext>
    {
        public override async Task Invoke(IIncomingPhysicalMessageContext context, Func<Task> next)
        {
            notes.Add("physical begins");
            context.UpdateMessage(Flipped(context.Message.Body));
            await next();
            notes.Add("physical ends");
        }
    }

    private sealed class Doubles(Notes notes) : Behavior<IIncomingLogicalMessageContext>
    {
        public override async Task Invoke(IIncomingLogicalMessageContext context, Func<Task> next)
        {
            notes.Add("logical begins");
            var order = (PlaceOrder)context.Message.Instance;
            context.UpdateMessageInstance(order with { Total = order.Total * 2 });
            await next();
            notes.Add("logical ends");
        }
    }

    private sealed class Surrounds(Notes notes) : Behavior<IInvokeHandlerContext>
    {
        public override async Task Invoke(IInvokeHandlerContext context, Func<Task> next)
        {
            notes.Add($"handler {context.MessageHandler.HandlerType.Name} begins");
            await next();
            notes.Add($"handler {context.MessageHandler.HandlerType.Name} ends");
        }
    }

    private sealed class Swallows(Notes notes) : Behavior<IIncomingLogicalMessageContext>
    {
        public override Task Invoke(IIncomingLogicalMessageContext context, Func<Task> next)
        {
            if (context.Message.Instance is not PlaceOrder { Total: 0m } order)
                return next();
            notes.Add($"swallowed {order.Order}");
            context.MessageHandled = true;
            return Task.CompletedTask;
        }
    }

    private sealed class Installs(Notes notes) : INeedToInstallSomething
    {
        public Task Install(string identity, CancellationToken cancellationToken = default)
        {
            notes.Add("installed");
            return Task.CompletedTask;
        }
    }
}
