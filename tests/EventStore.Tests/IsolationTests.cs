using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

/// <summary>Callers whose appends travel together know nothing of each other.</summary>
public sealed class IsolationTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PostgresEventStore Store => database.Store;

    [Fact]
    public async Task Bad_events_conflicts_and_misused_commands_of_some_callers_fail_nobody_else()
    {
        var (taken, misused) = (NewStream(), Guid.CreateVersion7());
        var tag = NewStream("tag");
        await Store.Append(To(taken, commandId: misused) with { Claims = [new KeyClaim(taken, taken)] }, Cancel);
        await Store.Append(Tag(NewStream(), tag), Cancel);
        var never = new AppendCondition(new LogFilter(Tags: [tag]), 0);

        var appends = Enumerable.Range(0, 280).Select(i => (Kind: i % 7, Stream: i % 7 is 5 ? taken : NewStream())).ToList();
        var running = appends.Select(append => Task.Run(() => Store.Append(
            append.Kind switch
            {
                0 => To(append.Stream, ExpectedVersion.Exactly(7)),
                1 => To(append.Stream) with { Claims = [new KeyClaim(taken, append.Stream)] },
                2 => With(append.Stream, new ItemAdded(new string('x', 1024 * 1024), 1, 1)),
                3 => With(append.Stream, new ItemAdded("\0", 1, 1)),
                4 => To(append.Stream) with { Conditions = [never] },
                5 => To(append.Stream, events: 3, commandId: misused),
                _ => Tag(append.Stream, NewStream("tag")),
            },
            Cancel).AsTask())).ToList();

        foreach (var (append, answer) in appends.Zip(running))
        {
            switch (append.Kind)
            {
                case 0:
                    Assert.IsType<VersionConflict>(await answer);
                    break;
                case 1:
                    Assert.Equal(new KeyTaken(taken, taken), await answer);
                    break;
                case 2 or 3:
                    await Assert.ThrowsAsync<ArgumentException>(() => answer);
                    break;
                case 4:
                    Assert.IsType<ConditionFailed>(await answer);
                    break;
                case 5:
                    await Assert.ThrowsAsync<InvalidOperationException>(() => answer);
                    break;
                default:
                    Assert.Equal([1], Assert.IsType<Appended>(await answer).Versions);
                    break;
            }
            var there = await Store.ReadStream(append.Stream, cancellationToken: Cancel).All();
            Assert.Equal(append.Kind is 5 or 6 ? 1 : 0, there.Count);
        }
    }

    [Fact]
    public async Task Callers_that_leave_disturb_nobody_and_learn_by_repeating_what_became_of_it()
    {
        var streams = Enumerable.Range(0, 400).Select(_ => NewStream()).ToArray();
        var requests = streams.Select(stream => To(stream, ExpectedVersion.NoStream, events: 2)).ToArray();
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = requests.Select((request, i) => Task.Run(() => Store.Append(
            request, i % 2 == 0 ? impatience.Token : Cancel).AsTask())).ToArray();
        await Task.WhenAny(running);
        await impatience.CancelAsync();

        for (var i = 0; i < running.Length; i++)
        {
            await ((Task)running[i]).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            Assert.True(running[i].IsCompletedSuccessfully || (i % 2 == 0 && running[i].IsCanceled), $"Append {i}.");
            // The same request again: it answers for the first, or is the first.
            Assert.Equal([2], Assert.IsType<Appended>(await Store.Append(requests[i], Cancel)).Versions);
            Assert.Equal(2, (await Store.ReadStream(streams[i], cancellationToken: Cancel).All()).Count);
        }
    }

    private static AppendRequest With(string stream, object @event) =>
        new([new StreamAppend(stream, ExpectedVersion.Any, [@event])], Metadata());

    private static AppendRequest Tag(string stream, string tag) => With(stream, new Tagged(Added(), [tag]));
}
