using System.Text;
using System.Text.Json.Nodes;
using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

/// <summary>What comes back is what was stored, whatever became of the types since.</summary>
public sealed class EventDataTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_comes_back_as_it_was_with_its_metadata()
    {
        var stream = NewStream();
        object[] events =
        [
            new BasketOpened(
                Guid.CreateVersion7(),
                BasketChannel.WebSite,
                new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.FromHours(2)),
                "Grüße \"quoted\" \\u0000 🛒"),
            new BasketOpened(Guid.CreateVersion7(), BasketChannel.Shop, DateTimeOffset.UnixEpoch),
            new ItemAdded("x", int.MaxValue, 79228162514264337593543950335m),
            new ItemAdded("y", -1, 0.1000000000000000000000000001m),
        ];
        var metadata = Metadata() with
        {
            CorrelationId = "flow",
            CausationId = "cause",
            User = "ann",
            TraceParent = "00-ab-cd-01",
        };
        await database.Store.Append(
            new AppendRequest([new StreamAppend(stream, ExpectedVersion.NoStream, events)], metadata), Cancel);

        var read = await database.Store.ReadStream(stream, cancellationToken: Cancel).All();

        Assert.Equal(events, read.Select(e => e.Data));
        Assert.All(read, e => Assert.Equal(metadata, e.Metadata));
        Assert.All(read, e => Assert.Equal(1, e.SchemaVersion));
        Assert.Equal("basket-opened", read[0].Type);
        Assert.Equal(stream, read[0].Stream);
    }

    [Fact]
    public async Task Stored_JSON_is_camelCase_with_decimals_digit_by_digit()
    {
        var stream = NewStream();
        await database.Store.Append(To(stream), Cancel);
        Assert.Equal(
            """{"item":"item-1","quantity":1,"price":12.50}""",
            await database.Ask<string>($"select data::text from eventstore.events where stream = '{stream}'"));
    }

    [Fact]
    public async Task An_unmapped_name_is_readable_as_it_is()
    {
        var stream = NewStream();
        await database.Store.Append(To(stream), Cancel);
        await using var newer = new PostgresEventStore(database.DataSource, new EventTypes());
        var read = Assert.Single(await newer.ReadStream(stream, cancellationToken: Cancel).All());
        var unknown = Assert.IsType<UnknownEvent>(read.Data);
        Assert.Equal("item-added", unknown.Type);
        Assert.Equal("""{"item":"item-1","quantity":1,"price":12.50}""", Encoding.UTF8.GetString(unknown.Json.Span));
        var loaded = await newer.Load([stream], Basket.Fold(), cancellationToken: Cancel);
        Assert.Equal(new Loaded<Basket>(new Basket(0, 0), 1), loaded[stream]);
    }

    public sealed record PriceSet(
        string Sku, decimal Price, string Currency = "GBP", int? Steps = 3, BasketChannel? Shown = BasketChannel.Shop);

    public sealed record LinePriced(int Count, decimal Price)
    {
        public decimal Total { get; } = Count * Price;
    }

    public sealed record Renamed(string From, string To)
    {
        public string From { get; init; } = From.Trim();
    }

    public abstract record Moved(string Where);

    public sealed record MovedBy(string Where, string Who) : Moved(Where);

    public sealed record Counted
    {
        public Counted(int count) => Count = Math.Max(count, 1);

        public int Count { get; init; }
    }

    public static TheoryData<string, object> Records => new()
    {
        { """{"sku":"x","price":1.50}""", new PriceSet("x", 1.50m) },
        { """{"price":1.50,"currency":"EUR","sku":"x","steps":null}""", new PriceSet("x", 1.50m, "EUR", null) },
        { """{"steps":4,"shown":"webSite"}""", new PriceSet(null!, 0, "GBP", 4, BasketChannel.WebSite) },
        { """{"count":2,"price":1.5}""", new LinePriced(2, 1.5m) },
        { """{"from":" a ","to":"b"}""", new Renamed("a", "b") },
        { """{"where":"here","who":"ann"}""", new MovedBy("here", "ann") },
        { """{"count":0}""", new Counted(1) },
    };

    [Theory]
    [MemberData(nameof(Records), DisableDiscoveryEnumeration = true)]
    public void A_record_is_read_as_its_constructor_would_make_it(string json, object expected)
    {
        var types = new EventTypes().Map(expected.GetType(), "read");
        var read = Assert.Single(new EventJson(types).ReadStored("read", 1, Encoding.UTF8.GetBytes(json)));
        Assert.Equal(expected, read);
        Assert.Equal(expected.ToString(), read.ToString());
    }

    [Fact]
    public void A_member_of_the_wrong_kind_is_named()
    {
        var json = new EventJson(new EventTypes().Map<ItemAdded>("item-added"));
        var error = Assert.Throws<EventDataException>(
            () => json.ReadStored("item-added", 1, """{"item":"x","quantity":"many","price":1}"""u8));
        Assert.Contains("$.quantity", error.Message, StringComparison.Ordinal);
    }

    public sealed record ItemPut(string Sku, int Count, string Currency);

    [Fact]
    public async Task Upcasters_chain_from_the_stored_version_to_the_current_one()
    {
        var stream = NewStream();
        await database.Store.Append(To(stream), Cancel);
        var types = new EventTypes()
            .Map<ItemPut>("item-added", schemaVersion: 4)
            .Upcast("item-added", 1, data =>
            {
                data["sku"] = data["item"]!.GetValue<string>();
                return data;
            })
            .Upcast("item-added", 3, data => new JsonObject
            {
                ["sku"] = data["sku"]!.DeepClone(),
                ["count"] = data["quantity"]!.DeepClone(),
                ["currency"] = "GBP",
            });
        await using var newer = new PostgresEventStore(database.DataSource, types);
        await newer.Append(
            new AppendRequest(
                [new StreamAppend(stream, ExpectedVersion.Exactly(1), [new ItemPut("n", 2, "EUR")])], Metadata()),
            Cancel);

        var read = await newer.ReadStream(stream, cancellationToken: Cancel).All();

        Assert.Equal([new ItemPut("item-1", 1, "GBP"), new ItemPut("n", 2, "EUR")], read.Select(e => e.Data));
        Assert.Equal([1, 4], read.Select(e => e.SchemaVersion));
    }

    [Fact]
    public async Task Data_of_a_newer_version_is_an_error_that_names_the_event()
    {
        var stream = NewStream();
        await using var newer = new PostgresEventStore(
            database.DataSource, new EventTypes().Map<ItemAdded>("item-added", schemaVersion: 2));
        await newer.Append(To(stream), Cancel);
        var error = await Assert.ThrowsAsync<EventDataException>(
            async () => await database.Store.ReadStream(stream, cancellationToken: Cancel).All());
        Assert.Equal((stream, 1L, "item-added"), (error.Stream, error.Version, error.Type));
        Assert.Contains("schema version 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_that_does_not_fit_its_type_is_an_error_that_names_the_event()
    {
        var stream = NewStream();
        await database.Store.Append(To(stream), Cancel);
        await database.Execute(
            $$"""update eventstore.events set data = '{"quantity":"many"}' where stream = '{{stream}}'""");
        var error = await Assert.ThrowsAsync<EventDataException>(
            async () => await database.Store.Load([stream], Basket.Fold(), cancellationToken: Cancel));
        Assert.Contains($"Event 1 of stream '{stream}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_or_type_is_mapped_once()
    {
        Assert.Throws<ArgumentException>(() => Types().Map<Basket>("item-added"));
        Assert.Throws<ArgumentException>(() => Types().Map<ItemAdded>("item-added-too"));
        Assert.Throws<ArgumentException>(() => Types().Upcast("x", 1, data => data).Upcast("x", 1, data => data));
        Types().Map<Basket>("free");
    }
}
