using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

public sealed class InputTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private const string HalfPair = "a\ud800b";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> BadRequests => new()
    {
        { "no stream", "none" },
        { "no event", "no event for the stream 's'" },
        { "same stream twice", "'s' is named twice" },
        { "empty stream name", "stream name is empty" },
        { "long stream name", "has 201 characters" },
        { "NUL in stream name", "stream name has a NUL character at index 1" },
        { "half a surrogate pair", "half a surrogate pair" },
        { "NUL in event", "'item-added' has a NUL character" },
        { "huge event", "'item-added' has 1048" },
        { "unmapped event", "System.String is no mapped event type" },
        { "no command id", "command id is empty" },
        { "NUL in user", "user has a NUL character" },
        { "empty tenant", "tenant is empty" },
        { "key claimed twice", "'k' is claimed twice" },
        { "key claimed and released", "'k' is released twice, or claimed and released" },
        { "NUL in key", "unique key has a NUL character" },
        { "empty owner", "owner of the key 'k' is empty" },
    };

    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task Bad_input_is_named_and_changes_nothing(string fault, string message)
    {
        var good = To("s");
        var request = fault switch
        {
            "no stream" => good with { Streams = [] },
            "no event" => good with { Streams = [new StreamAppend("s", ExpectedVersion.Any, [])] },
            "same stream twice" => good with { Streams = [good.Streams[0], good.Streams[0]] },
            "empty stream name" => To(""),
            "long stream name" => To(new string('x', 201)),
            "NUL in stream name" => To("a\0b"),
            "half a surrogate pair" => To(HalfPair),
            "NUL in event" => With(new ItemAdded("a\0b", 1, 1)),
            "huge event" => With(new ItemAdded(new string('x', 1024 * 1024), 1, 1)),
            "unmapped event" => With("just a text"),
            "no command id" => To("s", commandId: Guid.Empty),
            "NUL in user" => good with { Metadata = good.Metadata with { User = "\0" } },
            "empty tenant" => good with { Metadata = good.Metadata with { Tenant = "" } },
            "key claimed twice" => good with { Claims = [new KeyClaim("k", "a"), new KeyClaim("k", "b")] },
            "key claimed and released" => good with { Claims = [new KeyClaim("k", "a")], Releases = ["k"] },
            "NUL in key" => good with { Claims = [new KeyClaim("\0", "a")] },
            "empty owner" => good with { Claims = [new KeyClaim("k", "")] },
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "Unknown."),
        };
        var error = await Assert.ThrowsAnyAsync<ArgumentException>(
            async () => await database.Store.Append(request, Cancel));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal("0 events, 0 tags, no keys, no streams", await database.Contents());

        AppendRequest With(object @event) =>
            good with { Streams = [new StreamAppend("s", ExpectedVersion.Any, [@event])] };
    }

    [Fact]
    public async Task Bad_arguments_of_reads_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await database.Store.ReadStream("a\0b", cancellationToken: Cancel).All());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await database.Store.ReadLog(-1, cancellationToken: Cancel).All());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await database.Store.Subscribe(-1, cancellationToken: Cancel).All());
        Assert.Throws<ArgumentOutOfRangeException>(() => ExpectedVersion.Exactly(-1));
    }
}
