using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

public sealed class RepeatedAppendTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PostgresEventStore Store => database.Store;

    [Fact]
    public async Task A_repeated_append_answers_as_the_first_time()
    {
        var (one, two) = (NewStream(), NewStream());
        await Store.Append(To(two, events: 5), Cancel);
        var request = new AppendRequest(
            [
                new StreamAppend(two, ExpectedVersion.Exactly(5), [Added(), Added()]),
                new StreamAppend(one, ExpectedVersion.NoStream, [Added()]),
            ],
            Metadata(),
            Claims: [new KeyClaim($"key/{one}", one)]);
        var first = Assert.IsType<Appended>(await Store.Append(request, Cancel));
        await Store.Append(To(two, events: 4), Cancel);
        var before = await database.Contents();

        var again = Assert.IsType<Appended>(await Store.Append(request, Cancel));

        Assert.Equal(first.Positions, again.Positions);
        Assert.Equal(first.Versions, again.Versions);
        Assert.Equal(before, await database.Contents());
    }

    [Fact]
    public async Task A_command_that_decides_anew_on_the_state_it_has_made_is_recognized()
    {
        var stream = NewStream();
        var command = Guid.CreateVersion7();
        var first = Assert.IsType<Appended>(
            await Store.Append(To(stream, ExpectedVersion.NoStream, commandId: command), Cancel));
        var again = await Store.Append(To(stream, ExpectedVersion.Exactly(1), commandId: command, from: 9), Cancel);
        Assert.Equal(first.Positions, Assert.IsType<Appended>(again).Positions);
        Assert.Single(await Store.ReadStream(stream, cancellationToken: Cancel).All());
    }

    [Fact]
    public async Task Twins_at_the_same_time_are_appended_once()
    {
        foreach (var _ in Enumerable.Range(0, 20))
        {
            var stream = NewStream();
            var request = To(stream, events: 2);
            var results = await Task.WhenAll(
                Enumerable.Range(0, 6).Select(_ => Store.Append(request, Cancel).AsTask()));
            Assert.All(results, result => Assert.Equal(
                Assert.IsType<Appended>(results[0]).Positions, Assert.IsType<Appended>(result).Positions));
            Assert.Equal(2, (await Store.ReadStream(stream, cancellationToken: Cancel).All()).Count);
        }
    }

    [Fact]
    public async Task A_refused_append_is_no_repetition_when_it_is_tried_again()
    {
        var stream = NewStream();
        var command = Guid.CreateVersion7();
        Assert.IsType<VersionConflict>(
            await Store.Append(To(stream, ExpectedVersion.StreamExists, commandId: command), Cancel));
        Assert.IsType<Appended>(await Store.Append(To(stream, ExpectedVersion.NoStream, commandId: command), Cancel));
    }

    [Fact]
    public async Task More_events_under_the_same_command_are_an_error()
    {
        var stream = NewStream();
        var command = Guid.CreateVersion7();
        await Store.Append(To(stream, commandId: command), Cancel);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await Store.Append(To(stream, events: 2, commandId: command), Cancel));
        Assert.Contains(command.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_ids_come_from_the_command_the_first_stream_and_the_index()
    {
        var (stream, other) = (NewStream(), NewStream());
        var command = Guid.CreateVersion7();
        await Store.Append(To(stream, events: 3, commandId: command), Cancel);
        await Store.Append(To(other, events: 3, commandId: command), Cancel);
        var ids = (await Store.ReadStream(stream, cancellationToken: Cancel).All())
            .Concat(await Store.ReadStream(other, cancellationToken: Cancel).All())
            .Select(e => e.EventId).ToList();
        Assert.Equal(6, ids.Distinct().Count());
        Assert.All(ids, id =>
        {
            Assert.Equal(8, id.Version);
            Assert.Equal(command.ToString()[..13], id.ToString()[..13]);
        });
    }
}
