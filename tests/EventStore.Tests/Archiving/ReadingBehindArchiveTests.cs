using Npgsql;
using Servers;
using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests.Archiving;

/// <summary>Who needs what is archived is told so, and everybody else notices nothing.</summary>
public sealed class ReadingBehindArchiveTests(TestServers servers)
{
    private const string Old = "basket/demo/0";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readers_of_the_log_are_told_and_can_go_on_behind()
    {
        await using var log = await Archived();
        var told = await Assert.ThrowsAsync<ArchivedEventsException>(
            () => log.Store.ReadLog(0, cancellationToken: Cancel).All());
        Assert.Equal((1L, 2999L, log.Files), (told.FirstPosition, told.LastPosition, told.Directory));
        Assert.Contains("cqrs event-store restore", told.Message, StringComparison.Ordinal);

        LogFilter[] filters =
        [
            new(["item-added"]), new(["item-removed"]), new(Tags: ["first"]), new(Tags: ["nothing"]), new(Tenant: "x"),
        ];
        foreach (var filter in filters)
        {
            await Assert.ThrowsAsync<ArchivedEventsException>(
                () => log.Store.ReadLog(2998, filter, cancellationToken: Cancel).All());
            await log.Store.ReadLog(2999, filter, cancellationToken: Cancel).All();
            await Assert.ThrowsAsync<ArchivedEventsException>(
                async () => await log.Store.Load(filter, Basket.Fold(), Cancel));
        }
        Assert.Equal(501, (await log.Store.ReadLog(2999, cancellationToken: Cancel).All()).Count);
        await Assert.ThrowsAsync<ArchivedEventsException>(() => First(2000));
        Assert.Equal(3000, (await First(2999)).Events[0].Position);

        async Task<EventBatch> First(long after)
        {
            await foreach (var batch in log.Store.Subscribe(after, cancellationToken: Cancel))
                return batch;
            throw new InvalidOperationException("A subscription ended.");
        }
    }

    [Fact]
    public async Task A_stream_is_read_from_where_it_is_there_and_refused_from_before()
    {
        await using var log = await Archived();
        var first = (await log.Store.ReadLog(2999, cancellationToken: Cancel).All()).First(e => e.Stream == Old).Version;
        Assert.Equal(
            [first, 700],
            await Versions(first) is var there ? [there[0], there[^1]] : []);
        await Assert.ThrowsAsync<ArchivedEventsException>(() => Versions(first - 1));
        await Assert.ThrowsAsync<ArchivedEventsException>(() => Versions(1));
        Assert.Empty(await Versions(701));

        Assert.Equal([700L, 699L], await Versions(1, ReadDirection.Backward, limit: 2));
        Assert.Equal(700 - first + 1, (await Versions(first, ReadDirection.Backward)).Count);
        await Assert.ThrowsAsync<ArchivedEventsException>(() => Versions(1, ReadDirection.Backward));

        await using var reader = new PostgresEventReader(log.DataSource, Types());
        Assert.Equal(2, (await reader.ReadStreams([new StreamEnd(Old, 2), new StreamEnd("none")], Cancel)).Count);
        await Assert.ThrowsAsync<ArchivedEventsException>(
            async () => await reader.ReadStreams([new StreamEnd("none"), new StreamEnd(Old)], Cancel));

        async Task<List<long>> Versions(long from, ReadDirection direction = ReadDirection.Forward, int? limit = null) =>
            [.. (await log.Store.ReadStream(Old, from, direction, limit, Cancel).All()).Select(e => e.Version)];
    }

    [Fact]
    public async Task A_stream_that_is_archived_whole_is_refused_and_not_taken_for_a_new_one()
    {
        await using var log = await Archived(before: store => store.Append(To("whole"), Cancel));
        await Assert.ThrowsAsync<ArchivedEventsException>(
            () => log.Store.ReadStream("whole", cancellationToken: Cancel).All());
        await Assert.ThrowsAsync<ArchivedEventsException>(
            () => log.Store.ReadStream("whole", direction: ReadDirection.Backward, cancellationToken: Cancel).All());
        var told = await Assert.ThrowsAsync<ArchivedEventsException>(
            async () => await log.Store.Load(["whole", "new"], Basket.Fold(), cancellationToken: Cancel));
        Assert.Contains("'whole'", told.Message, StringComparison.Ordinal);
        Assert.Empty(await log.Store.ReadStream("new", cancellationToken: Cancel).All());
        Assert.Equal(0, (await log.Store.Load(["new"], Basket.Fold(), cancellationToken: Cancel))["new"].Version);
        Assert.Equal(
            new VersionConflict("whole", ExpectedVersion.NoStream, 1),
            await log.Store.Append(To("whole", ExpectedVersion.NoStream), Cancel));
        Assert.IsType<Appended>(await log.Store.Append(To("whole", ExpectedVersion.Exactly(1)), Cancel));
    }

    [Fact]
    public async Task Folds_need_a_usable_snapshot_behind_what_is_archived()
    {
        var fold = Basket.Fold(snapshotEvery: 100_000);
        await using var log = await Archived(keep: fold);
        var loaded = (await log.Store.Load([Old], fold, cancellationToken: Cancel))[Old];
        Assert.Equal(700, loaded.Version);

        Fold<Basket>[] others = [fold with { SchemaVersion = 2 }, fold with { Name = "other" }, Basket.Fold()];
        foreach (var other in others)
        {
            await Assert.ThrowsAsync<ArchivedEventsException>(
                async () => await log.Store.Load([Old], other, cancellationToken: Cancel));
        }
        await log.Execute("update eventstore.snapshots set state = '[]'");
        await Assert.ThrowsAsync<ArchivedEventsException>(
            async () => await log.Store.Load([Old], fold, cancellationToken: Cancel));
        await log.Archive.Restore(log.Files, cancellationToken: Cancel);
        Assert.Equal(loaded, (await log.Store.Load([Old], fold, cancellationToken: Cancel))[Old]);
    }

    [Fact]
    public async Task A_condition_that_looks_into_the_archive_is_refused_and_no_other_append_with_it()
    {
        await using var log = await Archived();
        var condition = new AppendCondition(new LogFilter(Tags: ["never"]), 100);
        var asking = log.Store.Append(To("asking") with { Conditions = [condition] }, Cancel);
        var others = Enumerable.Range(0, 20).Select(i => log.Store.Append(To($"other/{i}"), Cancel).AsTask());
        await Assert.ThrowsAsync<ArchivedEventsException>(async () => await asking);
        Assert.All(await Task.WhenAll(others), each => Assert.IsType<Appended>(each));
        Assert.Empty(await log.Store.ReadStream("asking", cancellationToken: Cancel).All());
        Assert.IsType<Appended>(await log.Store.Append(
            To("asking") with { Conditions = [condition with { After = 2999 }] }, Cancel));
    }

    [Fact]
    public async Task A_repeated_append_is_recognized_as_long_as_its_events_are_there()
    {
        await using var log = await ArchivedLog.Make(servers, events: 0);
        var request = To("s", events: 10);
        await log.Store.Append(request, Cancel);
        for (var i = 0; i < 20; i++)
            await log.Store.Append(To("s", events: 100), Cancel);
        await log.Archive.Archive(log.Files, ArchivedLog.All, ArchivedLog.Forced, cancellationToken: Cancel);

        // Judged by its expected version alone: refused with one, appended twice without.
        var strict = request with { Streams = [request.Streams[0] with { Expected = ExpectedVersion.NoStream }] };
        Assert.IsType<VersionConflict>(await log.Store.Append(strict, Cancel));
        await log.Archive.Restore(log.Files, cancellationToken: Cancel);
        Assert.Equal(1, Assert.IsType<Appended>(await log.Store.Append(strict, Cancel)).Positions[0]);
    }

    [Fact]
    public async Task Restored_in_part_the_log_begins_behind_the_rest_and_stays_sound()
    {
        await using var log = await Archived();
        Assert.Equal([2000L, 1000L], (await log.Archive.Restore(log.Files, 1000, cancellationToken: Cancel)).Select(p => p.From));
        Assert.Equal(2501, (await log.Store.ReadLog(999, cancellationToken: Cancel).All()).Count);
        await Assert.ThrowsAsync<ArchivedEventsException>(() => log.Store.ReadLog(998, cancellationToken: Cancel).All());

        var inspection = new LogInspection(log.DataSource, log.Store, Types());
        var found = await inspection.Verify(cancellationToken: Cancel);
        Assert.Empty(found.Findings);
        Assert.Equal((2501L, 999L), (found.Events, Assert.Single(found.Archives).Events));
        Assert.Equal(999, Assert.Single((await inspection.Measure(cancellationToken: Cancel)).Archives).Events);
    }

    [Fact]
    public async Task Readers_that_read_while_it_is_archived_see_all_or_are_told()
    {
        await using var log = await ArchivedLog.Make(servers);
        await using var readers = new NpgsqlDataSourceBuilder(log.ConnectionString).Build();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var reading = Enumerable.Range(0, 4).Select(n => Task.Run(
            async () =>
            {
                var (whole, told) = (0, 0);
                await using var store = new PostgresEventStore(readers, Types(), new EventStoreOptions { PageSize = 50 });
                while (!stop.IsCancellationRequested)
                {
                    try
                    {
                        var count = n % 2 == 0
                            ? (await store.ReadLog(0, cancellationToken: Cancel).All()).Count / 5
                            : (await store.ReadStream(Old, cancellationToken: Cancel).All()).Count;
                        Assert.Equal(700, count);
                        whole++;
                    }
                    catch (ArchivedEventsException)
                    {
                        told++;
                    }
                }
                return (whole, told);
            },
            Cancel)).ToArray();
        for (var round = 0; round < 2; round++)
        {
            await log.Archive.Archive(log.Files, ArchivedLog.All, ArchivedLog.Forced, cancellationToken: Cancel);
            await log.Archive.Restore(log.Files, cancellationToken: Cancel);
        }
        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(reading), each => Assert.True(each.whole + each.told > 0));
    }

    [Fact]
    public async Task A_reader_that_began_before_a_restore_never_takes_the_rest_for_the_whole()
    {
        await using var log = await Archived();
        await using var connection = await log.DataSource.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        const string IsBack =
            "select exists (select from pg_inherits where inhrelid = to_regclass('eventstore.tagged_from_2000'))";
        await using var look = new NpgsqlCommand(
            "select (select count(*) from eventstore.events) = 3500 or exists (select from eventstore.archives)",
            connection);
        await look.PrepareAsync(Cancel);
        Assert.True(await look.ExecuteScalarAsync(Cancel) is true);

        var restoring = log.Archive.Restore(log.Files, cancellationToken: Cancel);
        while (!restoring.IsCompleted && !await log.Ask<bool>(IsBack))
            await Task.Delay(10, Cancel);
        Assert.True(await look.ExecuteScalarAsync(Cancel) is true);
        await Assert.ThrowsAsync<ArchivedEventsException>(() => log.Store.ReadLog(1999, cancellationToken: Cancel).All());

        await transaction.CommitAsync(Cancel);
        await restoring;
        Assert.Equal(3500, (await log.Whole()).Count);
    }

    private async Task<ArchivedLog> Archived(
        Func<PostgresEventStore, ValueTask<AppendResult>>? before = null, Fold<Basket>? keep = null)
    {
        var log = await ArchivedLog.Make(servers, events: before is null ? 3500 : 0);
        if (before is not null)
        {
            await before(log.Store);
            for (var i = 0; i < 35; i++)
                await log.Store.Append(To("filling", events: 100), Cancel);
        }
        await log.Archive.Archive(
            log.Files,
            ArchivedLog.All,
            keep is null
                ? ArchivedLog.Forced
                : new ArchiveOptions("ann", (streams, cancel) => log.Store.KeepSnapshots(streams, keep, cancel)),
            cancellationToken: Cancel);
        return log;
    }
}
