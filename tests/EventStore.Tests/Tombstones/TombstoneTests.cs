using Npgsql;
using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests.Tombstones;

/// <summary>A stream with a tombstone is readable for ever and takes nothing any more.</summary>
public sealed class TombstoneTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private StreamTombstones Tombstones { get; } = new(database.DataSource);

    private PostgresEventStore Store => database.Store;

    [Fact]
    public async Task Appends_to_a_closed_stream_are_refused_and_say_who_closed_it_when_and_why()
    {
        var stream = await Filled(events: 3);
        var closed = await Tombstones.Place(stream, "ann", "a mistake", cancellationToken: Cancel);

        Assert.Equal((4, "ann", "a mistake", false), (closed!.Version, closed.By, closed.Reason, closed.Already));
        var expected = new StreamTombstoned(stream, 4, closed.At, "ann", "a mistake");
        foreach (var version in new[] { ExpectedVersion.Any, ExpectedVersion.Exactly(4), ExpectedVersion.NoStream })
            Assert.Equal(expected, await Store.Append(To(stream, version), Cancel));
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        Assert.Equal(expected, await Store.Append(To(stream), transaction, Cancel));
        Assert.IsType<Appended>(await Store.Append(To(NewStream()), transaction, Cancel));
        await transaction.CommitAsync(Cancel);
    }

    [Fact]
    public async Task An_append_to_several_streams_is_refused_whole_where_one_of_them_is_closed()
    {
        var (open, shut) = (NewStream(), await Closed());
        var request = To(open) with
        {
            Streams =
            [
                new StreamAppend(open, ExpectedVersion.NoStream, [Added()]),
                new StreamAppend(shut, ExpectedVersion.Any, [Added()]),
            ],
            Claims = [new KeyClaim($"key/{open}", open)],
        };
        Assert.Equal(shut, Assert.IsType<StreamTombstoned>(await Store.Append(request, Cancel)).Stream);
        Assert.Empty(await Store.ReadStream(open, cancellationToken: Cancel).All());
        Assert.Equal(0L, await database.Ask<long>(
            $"select count(*) from eventstore.keys where key = 'key/{open}'"));
    }

    [Fact]
    public async Task A_closed_stream_is_read_and_folded_as_before_and_ends_with_its_tombstone()
    {
        var stream = await Filled(events: 3);
        var before = (await Store.Load([stream], Basket.Fold(), cancellationToken: Cancel))[stream];
        await Tombstones.Place(stream, "ann", "a mistake", cancellationToken: Cancel);

        var read = await Store.ReadStream(stream, cancellationToken: Cancel).All();
        Assert.Equal([1, 2, 3, 4], read.Select(e => e.Version));
        Assert.Equal(new Tombstone("ann", "a mistake"), read[^1].Data);
        Assert.Equal(("$tombstone", "demo", "ann"), (read[^1].Type, read[^1].Metadata.Tenant, read[^1].Metadata.User));
        var seen = new List<object>();
        var fold = Basket.Fold("seen") with { Evolve = (basket, e) => { seen.Add(e); return basket; } };
        Assert.Equal(4, (await Store.Load([stream], fold, cancellationToken: Cancel))[stream].Version);
        Assert.Equal(3, seen.OfType<ItemAdded>().Count());
        Assert.Equal(3, seen.Count);
        var after = (await Store.Load([stream], Basket.Fold(), cancellationToken: Cancel))[stream];
        Assert.Equal(before with { Version = 4 }, after);
        var inLog = await Store.ReadLog(
            0, new LogFilter([Tombstone.TypeName]), cancellationToken: Cancel).All();
        Assert.Contains(inLog, e => e.Stream == stream);
    }

    [Fact]
    public async Task Closing_again_changes_nothing_and_an_unknown_stream_is_none()
    {
        var stream = await Filled();
        var first = await Tombstones.Place(stream, "ann", "a mistake", cancellationToken: Cancel);
        var again = await Tombstones.Place(stream, "bob", "another", cancellationToken: Cancel);

        Assert.Equal((first!.At, "ann", true), (again!.At, again.By, again.Already));
        Assert.Equal(2, (await Store.ReadStream(stream, cancellationToken: Cancel).All()).Count);
        Assert.Null(await Tombstones.Place(NewStream(), "ann", cancellationToken: Cancel));
        Assert.Null(await Tombstones.Preview(NewStream(), Cancel));
        Assert.Equal("ann", (await Tombstones.Preview(stream, Cancel))!.Tombstone!.By);
        await Assert.ThrowsAsync<ArgumentException>(
            () => Tombstones.Place("a\0b", "ann", cancellationToken: Cancel));
    }

    [Fact]
    public async Task A_repeated_append_answers_as_the_first_time_also_behind_a_tombstone()
    {
        var stream = NewStream();
        var request = To(stream, ExpectedVersion.NoStream, events: 2);
        var first = Assert.IsType<Appended>(await Store.Append(request, Cancel));
        await Tombstones.Place(stream, "ann", cancellationToken: Cancel);
        Assert.Equal(first.Positions, Assert.IsType<Appended>(await Store.Append(request, Cancel)).Positions);
    }

    [Fact]
    public async Task Unique_keys_stay_with_a_closed_stream_until_they_are_released()
    {
        var (stream, other) = (NewStream(), NewStream());
        var (key, second) = ($"key/{stream}", $"other-key/{stream}");
        await Store.Append(
            To(stream) with { Claims = [new KeyClaim(key, stream), new KeyClaim(second, stream)] }, Cancel);

        var closed = await Tombstones.Place(stream, "ann", cancellationToken: Cancel);
        Assert.Equal([key, second], closed!.KeptKeys);
        var claim = To(other) with { Claims = [new KeyClaim(key, other)] };
        Assert.Equal(new KeyTaken(key, stream), await Store.Append(claim, Cancel));

        var released = await Tombstones.Place(stream, "ann", releaseKeys: true, cancellationToken: Cancel);
        Assert.Equal([key, second], released!.ReleasedKeys);
        Assert.IsType<Appended>(await Store.Append(claim, Cancel));
    }

    [Fact]
    public async Task Of_appends_and_a_tombstone_at_once_the_tombstone_is_the_last_event()
    {
        for (var round = 0; round < 10; round++)
        {
            var stream = await Filled();
            var appends = Enumerable.Range(0, 20).Select(_ => Store.Append(To(stream), Cancel).AsTask()).ToArray();
            var closing = Enumerable.Range(0, 3)
                .Select(_ => Tombstones.Place(stream, "ann", cancellationToken: Cancel)).ToArray();
            var results = await Task.WhenAll(appends);
            var closed = await Task.WhenAll(closing);

            Assert.Equal(1, closed.Count(each => !each!.Already));
            var written = results.OfType<Appended>().Count();
            Assert.Equal(20, written + results.OfType<StreamTombstoned>().Count());
            var read = await Store.ReadStream(stream, cancellationToken: Cancel).All();
            Assert.Equal(written + 2, read.Count);
            Assert.IsType<Tombstone>(read[^1].Data);
            Assert.All(results.OfType<StreamTombstoned>(), each => Assert.Equal(read.Count, each.Version));
        }
    }

    [Fact]
    public async Task A_subscription_hears_of_a_tombstone_and_the_log_is_sound_with_it()
    {
        var stream = await Filled();
        var head = await Store.ReadHead(Cancel);
        var heard = FirstBehind(head);
        await Tombstones.Place(stream, "ann", cancellationToken: Cancel);
        Assert.Equal(new Tombstone("ann", null), (await heard).Data);
        var found = await new LogInspection(database.DataSource, Store, Types()).Verify(cancellationToken: Cancel);
        Assert.DoesNotContain(Tombstone.TypeName, found.UnknownTypes.Keys);
        Assert.DoesNotContain(found.Findings, finding => finding.Kind is not "key-without-owner");
    }

    [Fact]
    public async Task A_tombstone_is_nobody_elses_to_append_and_its_name_nobody_elses_to_map()
    {
        var request = To(NewStream()) with
        {
            Streams = [new StreamAppend("s", ExpectedVersion.Any, [new Tombstone("eve", null)])],
        };
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.Append(request, Cancel));
        Assert.Throws<ArgumentException>(() => new EventTypes().Map<ItemAdded>("$mine"));
    }

    [Fact]
    public async Task A_writer_cannot_close_a_stream()
    {
        var stream = await Filled();
        await using var writers = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(database.ConnectionString) { Options = "-c role=eventstore_writer" });
        var error = await Assert.ThrowsAsync<PostgresException>(
            () => new StreamTombstones(writers).Place(stream, "eve", cancellationToken: Cancel));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
        Assert.IsType<Appended>(await Store.Append(To(stream), Cancel));
    }

    private async Task<RecordedEvent> FirstBehind(long position)
    {
        await foreach (var batch in Store.Subscribe(position, cancellationToken: Cancel))
        {
            foreach (var recorded in batch.Events)
            {
                if (recorded.Data is Tombstone)
                    return recorded;
            }
        }
        throw new InvalidOperationException("A subscription ended.");
    }

    private async Task<string> Filled(int events = 1)
    {
        var stream = NewStream();
        Assert.IsType<Appended>(await Store.Append(To(stream, events: events), Cancel));
        return stream;
    }

    private async Task<string> Closed()
    {
        var stream = await Filled();
        await Tombstones.Place(stream, "ann", cancellationToken: Cancel);
        return stream;
    }
}
