using Servers;

namespace Messaging.Contract.Tests;

public sealed class SagaTests(TestServers servers)
{
    [Fact]
    public async Task A_saga_starts_with_either_message_collects_the_others_and_answers_its_originator()
    {
        await using var stage = await Stage.Set(servers);
        await stage.Start("Shipping", e => e.AddSaga<ShippingSaga>(), stored: true);
        var shop = await stage.Start("Shop", e => e.AddHandler<HearsShippings>());
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());

        await shop.Send(new StartShipping(first, 2));
        await shop.Send(new PackParcel(first, 1));
        await shop.Send(new PackParcel(first, 2));
        await shop.Send(new PackParcel(second, 1));
        await shop.Send(new StartShipping(second, 1));

        Assert.Equal(
            new[] { $"{first} done 2", $"{second} done 1" }.Order(),
            (await stage.Notes.Wait(2)).Select(n => n.Text).Order());
        await Poll.Until(
            async () => await stage.Query<long>("""select count(*) from shipping."ShippingSaga" """) == 0,
            "the completed sagas are deleted");
    }

    [Fact]
    public async Task Messages_that_come_at_once_find_or_start_one_saga()
    {
        await using var stage = await Stage.Set(servers);
        await stage.Start(
            "Shipping",
            e =>
            {
                e.AddSaga<ShippingSaga>();
                e.LimitMessageProcessingConcurrencyTo(8);
                e.Recoverability().Immediate(immediate => immediate.NumberOfRetries(50));
            },
            stored: true);
        var shop = await stage.Start("Shop", e => e.AddHandler<HearsShippings>());
        Guid[] shipments = [.. Enumerable.Range(0, 4).Select(_ => Guid.NewGuid())];

        await Task.WhenAll(shipments.SelectMany(id => Enumerable.Range(1, 20)
            .Select(n => shop.Send(new PackParcel(id, n)))
            .Append(shop.Send(new StartShipping(id, 20)))));

        Assert.Equal(
            shipments.Select(id => $"{id} done 20").Order(), (await stage.Notes.Wait(4)).Select(n => n.Text).Order());
        Assert.Equal(0, await stage.Waiting("error"));
    }

    [Fact]
    public async Task A_timeout_comes_back_to_its_saga_and_is_dropped_when_that_has_ended()
    {
        await using var stage = await Stage.Set(servers);
        await stage.Start("Shipping", e => e.AddSaga<ShippingSaga>(), stored: true);
        var shop = await stage.Start("Shop", e => e.AddHandler<HearsShippings>());
        var (finished, overdue) = (Guid.NewGuid(), Guid.NewGuid());

        await shop.Send(new StartShipping(finished, 1));
        await shop.Send(new PackParcel(finished, 1));
        await shop.Send(new StartShipping(overdue, 1));

        var notes = await stage.Notes.Wait(2);
        Assert.Equal([$"{finished} done 1", $"overdue: {overdue}"], notes.Select(n => n.Text));
        await Poll.Until(
            async () => await stage.Query<long>("""select count(*) from shipping."OutboxData" where "Dispatched" """) == 5,
            "both timeouts are handled");
        Assert.Equal(2, stage.Notes.All.Count);
    }

    [Fact]
    public async Task A_reply_finds_the_saga_that_asked_without_any_mapping()
    {
        await using var stage = await Stage.Set(servers);
        await stage.Start("Carriers", e => e.AddHandler<Carrier>());
        var asking = await stage.Start("Asking", e => e.AddSaga<AskingSaga>(), stored: true);

        await asking.SendLocal(new PlaceOrder("1", 1m));
        await asking.SendLocal(new PlaceOrder("2", 1m));

        Assert.Equal(
            ["1 by DHL", "2 by DHL"], (await stage.Notes.Wait(2)).Select(n => n.Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_message_for_a_saga_that_does_not_exist_goes_to_its_not_found_handler()
    {
        await using var stage = await Stage.Set(servers);
        var asking = await stage.Start("Asking", e => e.AddSaga<AskingSaga>(), stored: true);

        await asking.SendLocal(new CheckOrder("9"));

        Assert.Equal("no saga for 9", Assert.Single(await stage.Notes.Wait()).Text);
        Assert.Equal(0, await stage.Waiting("error"));
    }

    [Fact]
    public async Task A_saga_that_has_ended_starts_anew_with_the_next_message()
    {
        await using var stage = await Stage.Set(servers);
        var shipping = await stage.Start("Shipping", e => e.AddSaga<ShippingSaga>(), stored: true);
        await stage.Start("Shop", e => e.AddHandler<HearsShippings>());
        var shop = await stage.Start("Office", e => e.AddHandler<HearsShippings>());
        var id = Guid.NewGuid();

        for (var round = 1; round <= 2; round++)
        {
            await shop.Send(new StartShipping(id, 1));
            await shop.Send(new PackParcel(id, 1));
            await stage.Notes.Wait(round);
        }

        Assert.All(stage.Notes.Texts.Take(2), text => Assert.Equal($"{id} done 1", text));
        Assert.NotNull(shipping);
    }

    [Fact]
    public async Task Sagas_are_found_by_text_number_guid_and_header()
    {
        await using var stage = await Stage.Set(servers);
        var counting = await stage.Start(
            "Counting",
            e =>
            {
                e.AddSaga<TextSaga>();
                e.AddSaga<NumberSaga>();
                e.AddSaga<GuidSaga>();
                e.AddSaga<HeaderSaga>();
                e.LimitMessageProcessingConcurrencyTo(1);
            },
            stored: true);
        var id = Guid.NewGuid();

        await Send("a", 7, id, "h");
        await Send("a", 8, id, "i");
        await Send("b", 7, Guid.NewGuid(), "h");

        var counts = (await stage.Notes.Wait(12)).Select(n => n.Text).CountBy(text => text).ToDictionary();
        foreach (var kind in new[] { "text", "number", "guid", "header" })
        {
            Assert.Equal(2, counts[$"{kind} 1"]);
            Assert.Equal(1, counts[$"{kind} 2"]);
        }

        Task Send(string text, int number, Guid guid, string header)
        {
            var options = new SendOptions();
            options.RouteToThisEndpoint();
            options.SetHeader("Key", header);
            return counting.Send(new Count(text, number, guid), options);
        }
    }

    [Fact]
    public async Task What_a_saga_sends_says_which_saga_sent_it()
    {
        await using var stage = await Stage.Set(servers);
        await stage.Start("Carriers", e => e.AddHandler<Carrier>());
        var tap = await stage.Tap("Carriers");
        var asking = await stage.Start("Asking", e => e.AddSaga<AskingSaga>(), stored: true);

        await asking.SendLocal(new PlaceOrder("1", 1m));

        var headers = (await stage.Take(tap)).Texts();
        Assert.True(Guid.TryParse(headers[Headers.OriginatingSagaId], out _));
        Assert.StartsWith(
            typeof(AskingSaga).FullName!, headers[Headers.OriginatingSagaType], StringComparison.Ordinal);
    }

    private sealed class HearsShippings(Notes notes) : IHandleMessages<ShippingDone>, IHandleMessages<ShippingOverdue>
    {
        public Task Handle(ShippingDone message, IMessageHandlerContext context)
        {
            notes.Add($"{message.Shipment} done {message.Parcels}", context);
            return Task.CompletedTask;
        }

        public Task Handle(ShippingOverdue message, IMessageHandlerContext context)
        {
            notes.Add(message.Why, context);
            return Task.CompletedTask;
        }
    }

    private sealed class Carrier : IHandleMessages<AskCarrier>
    {
        public Task Handle(AskCarrier message, IMessageHandlerContext context) =>
            context.Reply(new CarrierAgreed("DHL"));
    }
}
