using Servers;

namespace Messaging.Contract.Tests;

public sealed class OptionTests(TestServers servers)
{
    [Fact]
    public async Task Headers_and_message_id_travel_with_the_message()
    {
        await using var stage = await Stage.Set(servers);
        await stage.Start("Sales", e => e.AddHandler<Hears>());
        var shop = await stage.Start("Shop", e =>
        {
            e.SendOnly();
            e.AddHeaderToAllOutgoingMessages("Shop", "always");
        });
        var options = new SendOptions();
        options.SetHeader("Own", "value");
        options.SetMessageId("my-id");

        await shop.Send(new PlaceOrder("1", 10m), options);

        var note = Assert.Single(await stage.Notes.Wait());
        Assert.Equal("my-id", note.MessageId);
        Assert.Equal("my-id", note.Headers[Headers.MessageId]);
        Assert.Equal("value", note.Headers["Own"]);
        Assert.Equal("always", note.Headers["Shop"]);
        Assert.Equal("Shop", note.Headers[Headers.OriginatingEndpoint]);
    }

    [Fact]
    public async Task A_destination_overrides_the_route_and_a_reply_address_the_sender()
    {
        await using var stage = await Stage.Set(servers);
        await stage.Start("Elsewhere", e => e.AddHandler<Hears>());
        var shop = await stage.Start("Shop", e => e.AddHandler<Hears>());
        var options = new SendOptions();
        options.SetDestination("Elsewhere");
        options.RouteReplyTo("Office");

        await shop.Send(new PlaceOrder("1", 10m), options);

        Assert.Equal("Office", Assert.Single(await stage.Notes.Wait()).ReplyTo);
    }

    [Fact]
    public async Task A_delay_and_a_due_time_hold_a_message_back()
    {
        await using var stage = await Stage.Set(servers);
        var sales = await stage.Start("Sales", e =>
        {
            e.AddHandler<Hears>();
            e.LimitMessageProcessingConcurrencyTo(1);
        });
        var sent = DateTimeOffset.UtcNow;
        var late = new SendOptions();
        late.RouteToThisEndpoint();
        late.DelayDeliveryWith(TimeSpan.FromSeconds(4));
        var early = new SendOptions();
        early.RouteToThisEndpoint();
        early.DoNotDeliverBefore(sent + TimeSpan.FromSeconds(1));

        await sales.Send(new PlaceOrder("late", 10m), late);
        await sales.Send(new PlaceOrder("early", 10m), early);

        var notes = await stage.Notes.Wait(2);
        Assert.Equal(["early", "late"], notes.Select(n => n.Text));
        Assert.True(DateTimeOffset.UtcNow - sent >= TimeSpan.FromSeconds(4));
        Assert.All(notes, n => Assert.Contains(Headers.DeliverAt, n.Headers.Keys));
    }

    [Fact]
    public async Task What_must_leave_at_once_leaves_although_the_handler_fails()
    {
        await using var stage = await Stage.Set(servers);
        var sales = await stage.Start(
            "Sales",
            e =>
            {
                e.AddHandler<SendsAndFails>();
                e.Recoverability().Immediate(immediate => immediate.NumberOfRetries(0));
            },
            stored: true);
        await stage.Start("Office", e => e.AddHandler<Hears>());

        await sales.SendLocal(new PlaceOrder("1", 10m));
        await stage.Take("error");

        Assert.Equal("at once", Assert.Single(await stage.Notes.Wait()).Text);
        Assert.Equal(0, await stage.Waiting("Office"));
        Assert.Single(stage.Notes.All);
    }

    [Fact]
    public async Task A_command_can_not_be_published_nor_an_event_sent()
    {
        await using var stage = await Stage.Set(servers);
        var shop = await stage.Start("Shop", e => e.SendOnly());

        await Assert.ThrowsAnyAsync<Exception>(() => shop.Publish(new PlaceOrder("1", 10m)));
        await Assert.ThrowsAnyAsync<Exception>(() => shop.Send(new OrderPlaced("1")));
    }

    [Fact]
    public async Task A_message_without_a_route_says_which_type_lacks_one()
    {
        await using var stage = await Stage.Set(servers);
        var shop = await stage.Start(
            "Shop",
            e =>
            {
                e.SendOnly();
                e.Conventions().DefiningCommandsAs(type => type == typeof(Uri) || typeof(ICommand).IsAssignableFrom(type));
            });

        var error = await Assert.ThrowsAnyAsync<Exception>(() => shop.Send(new Uri("stray:1")));

        Assert.Contains(nameof(Uri), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_send_only_endpoint_can_not_send_to_itself()
    {
        await using var stage = await Stage.Set(servers);
        var shop = await stage.Start("Shop", e => e.SendOnly());

        await Assert.ThrowsAnyAsync<Exception>(() => shop.SendLocal(new PlaceOrder("1", 10m)));
    }

    [Fact]
    public void A_delay_and_a_due_time_exclude_each_other()
    {
        var delayed = new SendOptions();
        delayed.DelayDeliveryWith(TimeSpan.FromMinutes(1));
        var due = new SendOptions();
        due.DoNotDeliverBefore(DateTimeOffset.UtcNow.AddMinutes(1));

        Assert.ThrowsAny<Exception>(() => delayed.DoNotDeliverBefore(DateTimeOffset.UtcNow.AddMinutes(1)));
        Assert.ThrowsAny<Exception>(() => due.DelayDeliveryWith(TimeSpan.FromMinutes(1)));
        Assert.Equal(TimeSpan.FromMinutes(1), delayed.GetDeliveryDelay());
        Assert.NotNull(due.GetDeliveryDate());
    }

    private sealed class Hears(Notes notes) : IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            notes.Add(message.Order, context);
            return Task.CompletedTask;
        }
    }

    private sealed class SendsAndFails : IHandleMessages<PlaceOrder>
    {
        public async Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            var now = new SendOptions();
            now.SetDestination("Office");
            now.RequireImmediateDispatch();
            await context.Send(new PlaceOrder("at once", 1m), now);
            await context.Send("Office", new PlaceOrder("never", 1m));
            throw new InvalidOperationException("This always fails.");
        }
    }
}
