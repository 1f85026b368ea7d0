using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

public sealed class AppendTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PostgresEventStore Store => database.Store;

    [Fact]
    public async Task Versions_count_from_one_and_positions_rise()
    {
        var stream = NewStream();
        var first = await Append(To(stream, events: 2));
        var second = await Append(To(stream));
        Assert.Equal([2], first.Versions);
        Assert.Equal([3], second.Versions);
        Assert.Equal(first.Positions.Order(), first.Positions);
        Assert.True(second.Position > first.Position);
        var read = await Store.ReadStream(stream, cancellationToken: Cancel).All();
        Assert.Equal([1, 2, 3], read.Select(e => e.Version));
        Assert.Equal([.. first.Positions, .. second.Positions], read.Select(e => e.Position));
    }

    public static TheoryData<int, ExpectedVersion, bool> Expectations => new()
    {
        { 0, ExpectedVersion.Any, true },
        { 2, ExpectedVersion.Any, true },
        { 0, ExpectedVersion.NoStream, true },
        { 2, ExpectedVersion.NoStream, false },
        { 0, ExpectedVersion.StreamExists, false },
        { 2, ExpectedVersion.StreamExists, true },
        { 0, ExpectedVersion.Exactly(2), false },
        { 1, ExpectedVersion.Exactly(2), false },
        { 2, ExpectedVersion.Exactly(2), true },
        { 3, ExpectedVersion.Exactly(2), false },
    };

    [Theory]
    [MemberData(nameof(Expectations))]
    public async Task A_stream_takes_events_only_at_the_expected_version(
        int actual, ExpectedVersion expected, bool taken)
    {
        var stream = NewStream();
        if (actual > 0)
            await Append(To(stream, events: actual));
        var before = await database.Contents();
        var result = await Store.Append(To(stream, expected), Cancel);
        if (taken)
        {
            Assert.Equal([actual + 1], Assert.IsType<Appended>(result).Versions);
            return;
        }
        Assert.Equal(new VersionConflict(stream, expected, actual), result);
        Assert.Equal(before, await database.Contents());
    }

    [Fact]
    public async Task Several_streams_are_appended_together_in_the_order_of_the_request()
    {
        var (late, early) = ($"z{NewStream()}", $"a{NewStream()}");
        await Append(To(early, events: 3));
        var result = await Append(new AppendRequest(
            [
                new StreamAppend(late, ExpectedVersion.NoStream, [Added(1), Added(2)]),
                new StreamAppend(early, ExpectedVersion.Exactly(3), [Added(3)]),
            ],
            Metadata()));
        Assert.Equal([2, 4], result.Versions);
        Assert.Equal(3, result.Positions.Count);
        Assert.Equal(result.Positions.Order(), result.Positions);
        var first = await Store.ReadStream(late, cancellationToken: Cancel).All();
        Assert.Equal(result.Positions.Take(2), first.Select(e => e.Position));
    }

    [Fact]
    public async Task One_stream_at_the_wrong_version_keeps_the_others_and_the_keys_out()
    {
        var (free, taken) = (NewStream(), NewStream());
        await Append(To(taken));
        var before = await database.Contents();
        var result = await Store.Append(
            new AppendRequest(
                [
                    new StreamAppend(free, ExpectedVersion.NoStream, [Added()]),
                    new StreamAppend(taken, ExpectedVersion.NoStream, [Added()]),
                ],
                Metadata(),
                Claims: [new KeyClaim($"key/{free}", free)]),
            Cancel);
        Assert.Equal(new VersionConflict(taken, ExpectedVersion.NoStream, 1), result);
        Assert.Equal(before, await database.Contents());
    }

    [Fact]
    public async Task A_key_has_one_owner_and_its_refusal_names_them()
    {
        var (first, second) = (NewStream(), NewStream());
        var key = $"sku/{first}";
        await Append(To(first) with { Claims = [new KeyClaim(key, first)] });
        var before = await database.Contents();

        var result = await Store.Append(
            To(second) with { Claims = [new KeyClaim($"free/{second}", second), new KeyClaim(key, second)] }, Cancel);

        Assert.Equal(new KeyTaken(key, first), result);
        Assert.Equal(before, await database.Contents());
    }

    [Fact]
    public async Task The_owner_may_claim_a_key_again_and_a_refusal_then_leaves_it_theirs()
    {
        var stream = NewStream();
        var key = $"sku/{stream}";
        await Append(To(stream) with { Claims = [new KeyClaim(key, stream)] });
        await Append(To(stream) with { Claims = [new KeyClaim(key, stream)] });
        await Append(To(NewStream()) with { Claims = [new KeyClaim($"other/{stream}", "another")] });

        var refused = await Store.Append(
            To(stream) with { Claims = [new KeyClaim(key, stream), new KeyClaim($"other/{stream}", stream)] }, Cancel);

        Assert.IsType<KeyTaken>(refused);
        Assert.Equal(new KeyTaken(key, stream), await Claim(key, "x"));
    }

    [Fact]
    public async Task A_released_key_is_free_for_another()
    {
        var (first, second) = (NewStream(), NewStream());
        var key = $"sku/{first}";
        await Append(To(first) with { Claims = [new KeyClaim(key, first)] });
        await Append(To(first) with { Releases = [key, $"never-claimed/{first}"] });
        await Append(To(second) with { Claims = [new KeyClaim(key, second)] });
        Assert.Equal(new KeyTaken(key, second), await Claim(key, first));
    }

    [Fact]
    public async Task A_refused_append_releases_nothing()
    {
        var stream = NewStream();
        var key = $"sku/{stream}";
        await Append(To(stream) with { Claims = [new KeyClaim(key, stream)] });
        await Store.Append(To(stream, ExpectedVersion.NoStream) with { Releases = [key] }, Cancel);
        Assert.IsType<KeyTaken>(await Claim(key, "x"));
    }

    private async Task<AppendResult> Claim(string key, string owner) =>
        await Store.Append(To(NewStream()) with { Claims = [new KeyClaim(key, owner)] }, Cancel);

    private async Task<Appended> Append(AppendRequest request) =>
        Assert.IsType<Appended>(await Store.Append(request, Cancel));
}
