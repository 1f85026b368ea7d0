using Portable.Messaging.Pipeline;
using Servers;

namespace Portable.Messaging.Tests;

public sealed class BehaviorTests(TestServers servers)
{
    [Fact]
    public async Task Behaviors_run_around_their_stages_of_sending_and_handling()
    {
        await using var world = await World.Create(servers);
        await world.Start(
            "Sales",
            e =>
            {
                e.AddHandler<Notes>();
                e.Pipeline.Register(new Decrypts(), "Reads the bytes");
                e.Pipeline.Register(new Doubles(), "Doubles the total");
                e.Pipeline.Register(new Surrounds(world.Recorder), "Notes every handler");
            },
            outbox: true);
        var shop = await world.Start("Shop", e =>
        {
            e.SendOnly();
            e.Pipeline.Register(new Stamps(), "Adds a header");
            e.Pipeline.Register(new Encrypts(), "Hides the bytes");
        });

        await shop.Session.Send(new PlaceOrder("1", 21m), TestContext.Current.CancellationToken);

        var order = Assert.Single(await world.Recorder.Wait<PlaceOrder>());
        Assert.Equal(42m, order.Total);
        await world.Recorder.Wait<string>(2);
        Assert.Equal(["before Notes", "after Notes"], world.Recorder.Messages.OfType<string>());
        Assert.Equal("yes", world.Recorder.Headers.Single(h => h.Count > 0)["Stamped"]);
    }

    private sealed class Notes(Recorder recorder) : IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            recorder.Note(message, context.MessageHeaders);
            return Task.CompletedTask;
        }
    }

    private sealed class Stamps : Behavior<IOutgoingLogicalMessageContext>
    {
        public override Task Invoke(IOutgoingLogicalMessageContext context, Func<Task> next)
        {
            context.Headers["Stamped"] = "yes";
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

    private sealed class Decrypts : Behavior<IIncomingPhysicalMessageContext>
    {
        public override Task Invoke(IIncomingPhysicalMessageContext context, Func<Task> next)
        {
            context.UpdateMessage(Flipped(context.Message.Body));
            return next();
        }
    }

    private sealed class Doubles : Behavior<IIncomingLogicalMessageContext>
    {
        public override Task Invoke(IIncomingLogicalMessageContext context, Func<Task> next)
        {
            var order = (PlaceOrder)context.Message.Instance;
            context.UpdateMessageInstance(order with { Total = order.Total * 2 });
            return next();
        }
    }

    private sealed class Surrounds(Recorder recorder) : Behavior<IInvokeHandlerContext>
    {
        public override async Task Invoke(IInvokeHandlerContext context, Func<Task> next)
        {
            recorder.Note($"before {context.MessageHandler.HandlerType.Name}");
            await next();
            recorder.Note($"after {context.MessageHandler.HandlerType.Name}");
        }
    }

    private static byte[] Flipped(ReadOnlyMemory<byte> body) => [.. body.ToArray().Select(b => (byte)~b)];
}
