using System.Globalization;
using Npgsql;
using Servers;
using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests.Archiving;

/// <summary>Old partitions go to files and come back, and nothing is lost on either way.</summary>
public sealed class ArchiveTests(TestServers servers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_archived_comes_back_as_it_was()
    {
        await using var log = await ArchivedLog.Make(servers);
        var before = await log.Whole();
        var tags = await Tags(log);
        var plan = await log.Archive.Plan(ArchivedLog.All, Cancel);
        Assert.Equal([0L, 1000L, 2000L], plan.Partitions.Select(partition => partition.From));
        Assert.Equal(5, plan.StreamsAtRisk);

        var archived = await log.Archive.Archive(log.Files, ArchivedLog.All, ArchivedLog.Forced, cancellationToken: Cancel);

        Assert.Equal(2999, archived.Sum(partition => partition.Events));
        Assert.Equal(before.Count - 2999, await log.Ask<long>("select count(*) from eventstore.events"));
        Assert.Equal(0L, await log.Ask<long>(
            "select count(*) from pg_class where relname ~ '^(events|tagged)_from_(0|1000|2000)$'"));
        Assert.Equal((0L, 1000L, 1L, 999L, 999L, "ann"), (await log.Archive.List(Cancel))[0] is var first
            ? (first.From, first.To, first.FirstEvent, first.LastEvent, first.Events, first.ArchivedBy) : default);

        Assert.Equal(3, (await log.Archive.Restore(log.Files, cancellationToken: Cancel)).Count);
        Same(before, await log.Whole());
        Assert.Equal(tags, await Tags(log));
        Assert.Empty(await log.Archive.List(Cancel));
        Assert.Empty(await log.Archive.Restore(log.Files, cancellationToken: Cancel));
        Assert.Equal(0L, await log.Ask<long>(
            """
            select abs((select count(*) from pg_index where indrelid = 'eventstore.events_from_0'::regclass)
                - (select count(*) from pg_index where indrelid = 'eventstore.events_from_3000'::regclass))
            """));
        Assert.True((await new LogInspection(log.DataSource, log.Store, Types()).Verify(cancellationToken: Cancel)).IsSound);
    }

    [Fact]
    public async Task The_files_are_read_without_the_database()
    {
        await using var log = await ArchivedLog.Make(servers);
        var before = await log.Whole();
        await log.Archive.Archive(log.Files, ArchivedLog.All, ArchivedLog.Forced, cancellationToken: Cancel);

        var read = await LogArchive.Read(log.Files, Cancel).All();

        var json = new EventJson(Types());
        Same(before[..2999], [.. read.Select(e => e with
        {
            Data = json.ReadStored(e.Type, e.SchemaVersion, ((UnknownEvent)e.Data).Json.Span)[0],
        })]);
    }

    [Fact]
    public async Task Only_old_partitions_below_the_head_are_taken()
    {
        await using var log = await ArchivedLog.Make(servers);
        async Task<IEnumerable<long>> Plan(long? before = null, TimeSpan? age = null) =>
            (await log.Archive.Plan(new ArchiveSelection(before, age), Cancel)).Partitions.Select(each => each.From);

        Assert.Equal([0, 1000], await Plan(before: 2500));
        Assert.Empty(await Plan(before: 999));
        // The events of the tests were decided in March 2026.
        Assert.Equal([0, 1000, 2000], await Plan(age: TimeSpan.FromMinutes(1)));
        Assert.Empty(await Plan(age: TimeSpan.FromDays(36500)));

        await using var connection = await log.DataSource.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await log.Store.Append(To("open"), transaction, Cancel);
        Assert.Equal([0, 1000, 2000], await Plan(before: long.MaxValue));
    }

    [Fact]
    public async Task Archiving_that_would_break_folds_is_refused_unless_snapshots_can_be_kept()
    {
        await using var log = await ArchivedLog.Make(servers);
        var before = await log.Store.Load(["basket/demo/0"], Basket.Fold(), cancellationToken: Cancel);

        var refused = await Assert.ThrowsAsync<StreamsAtRiskException>(() => log.Archive.Archive(
            log.Files, ArchivedLog.All, new ArchiveOptions("ann"), cancellationToken: Cancel));
        Assert.Equal((5L, "basket/demo/0"), (refused.Streams, refused.Example));
        Assert.Empty(await log.Archive.List(Cancel));

        var fold = Basket.Fold(snapshotEvery: 100_000);
        await log.Archive.Archive(
            log.Files,
            ArchivedLog.All,
            new ArchiveOptions("ann", (streams, cancel) => log.Store.KeepSnapshots(streams, fold, cancel)),
            cancellationToken: Cancel);

        var after = await log.Store.Load(["basket/demo/0"], fold, cancellationToken: Cancel);
        Assert.Equal(before["basket/demo/0"], after["basket/demo/0"]);
        Assert.IsType<Appended>(await log.Store.Append(
            To("basket/demo/0", after["basket/demo/0"].Expected), Cancel));
    }

    [Theory]
    [InlineData("files", "writing 999 events")]
    [InlineData("recorded", "detaching")]
    public async Task Interrupted_and_repeated_it_goes_on(string _, string step)
    {
        await using var log = await ArchivedLog.Make(servers, events: 1500);
        var before = await log.Whole();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => log.Archive.Archive(
            log.Files, ArchivedLog.All, ArchivedLog.Forced, at => { if (at.Step == step) stop.Cancel(); }, stop.Token));
        Assert.Equal(before.Count, (await log.Whole()).Count);

        Assert.Single(await log.Archive.Archive(
            log.Files, ArchivedLog.All, ArchivedLog.Forced, cancellationToken: Cancel));
        await log.Archive.Restore(log.Files, cancellationToken: Cancel);
        Same(before, await log.Whole());
    }

    [Theory]
    [InlineData("alter table eventstore.tagged detach partition eventstore.tagged_from_0 concurrently")]
    [InlineData("alter table eventstore.tagged detach partition eventstore.tagged_from_0; drop table eventstore.tagged_from_0")]
    [InlineData(
        "drop table eventstore.tagged_from_0; alter table eventstore.events detach partition eventstore.events_from_0")]
    public async Task Torn_between_two_steps_of_the_removal_it_goes_on_or_back(string torn)
    {
        foreach (var back in new[] { false, true })
        {
            await using var log = await ArchivedLog.Make(servers, events: 1500);
            var before = await log.Whole();
            await log.Archive.Archive(log.Files, ArchivedLog.All, ArchivedLog.Forced, cancellationToken: Cancel);
            await log.Archive.Restore(log.Files, cancellationToken: Cancel);
            var manifest = await File.ReadAllTextAsync(Path.Combine(log.Files, "partition_0.json"), Cancel);
            var sha = System.Text.Json.JsonDocument.Parse(manifest).RootElement.GetProperty("events").GetProperty("sha256");
            await log.Execute(
                $"""
                insert into eventstore.archives (from_position, to_position, first_position, last_position, events, sha256, directory, archived_by)
                values (0, 1000, 1, 999, 999, '{sha.GetString()}', '{log.Files}', 'ann')
                """);
            await log.Execute(torn);
            await Assert.ThrowsAsync<ArchivedEventsException>(log.Whole);

            if (!back)
            {
                var elsewhere = await Assert.ThrowsAsync<InvalidDataException>(() => log.Archive.Archive(
                    log.Files + "2", ArchivedLog.All, ArchivedLog.Forced, cancellationToken: Cancel));
                Assert.Contains(log.Files, elsewhere.Message, StringComparison.Ordinal);
                Assert.True(Assert.Single(await log.Archive.Archive(
                    log.Files, ArchivedLog.All, ArchivedLog.Forced, cancellationToken: Cancel)).Interrupted);
                Assert.Empty((await log.Archive.Plan(ArchivedLog.All, Cancel)).Partitions);
            }
            await log.Archive.Restore(log.Files, cancellationToken: Cancel);
            Same(before, await log.Whole());
        }
    }

    [Fact]
    public async Task Appends_go_on_while_it_is_archived_and_restored()
    {
        await using var log = await ArchivedLog.Make(servers);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var appending = Task.Run(
            async () =>
            {
                var appended = 0;
                for (; !stop.IsCancellationRequested; appended++)
                    Assert.IsType<Appended>(await log.Store.Append(To($"meanwhile/{appended % 3}"), Cancel));
                return appended;
            },
            Cancel);
        await log.Archive.Archive(log.Files, ArchivedLog.All, ArchivedLog.Forced, cancellationToken: Cancel);
        await log.Archive.Restore(log.Files, cancellationToken: Cancel);
        await stop.CancelAsync();
        var whole = await log.Whole();
        Assert.Equal(3500 + await appending, whole.Count);
    }

    [Fact]
    public async Task A_damaged_missing_or_foreign_file_is_refused_before_anything_is_touched()
    {
        await using var log = await ArchivedLog.Make(servers, events: 2500);
        await log.Archive.Archive(log.Files, ArchivedLog.All, ArchivedLog.Forced, cancellationToken: Cancel);
        await using var other = await ArchivedLog.Make(servers, events: 2500);
        await other.Archive.Archive(other.Files, ArchivedLog.All, ArchivedLog.Forced, cancellationToken: Cancel);

        await Refused(other.Files, "another log");
        var events = Path.Combine(log.Files, "events_from_0.copy.gz");
        var good = await File.ReadAllBytesAsync(events, Cancel);
        foreach (var damage in new Func<byte[]>[] { () => good[..^20], () => [], () => [.. good[..500], 7, .. good[501..]] })
        {
            await File.WriteAllBytesAsync(events, damage(), Cancel);
            await Refused(log.Files, "damaged");
        }
        File.Delete(events);
        await Refused(log.Files, "missing");
        await File.WriteAllBytesAsync(events, good, Cancel);
        var manifest = Path.Combine(log.Files, "partition_0.json");
        var text = await File.ReadAllTextAsync(manifest, Cancel);
        await File.WriteAllTextAsync(manifest, text.Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal), Cancel);
        await Refused(log.Files, "format 2");
        await File.WriteAllTextAsync(manifest, "{", Cancel);
        await Refused(log.Files, "no manifest");
        File.Delete(manifest);
        await Refused(log.Files, "has no partition 0");
        await Refused(log.Files + "-nowhere", "no directory");
        await File.WriteAllTextAsync(manifest, text, Cancel);
        await Refused(log.Files, "Partition 5 is not archived", partition: 5);
        Assert.Equal(2, (await log.Archive.Restore(log.Files, cancellationToken: Cancel)).Count);

        async Task Refused(string directory, string because, long? partition = null)
        {
            var error = await Assert.ThrowsAsync<InvalidDataException>(
                () => log.Archive.Restore(directory, partition, cancellationToken: Cancel));
            Assert.Contains(because, error.Message, StringComparison.Ordinal);
            Assert.Equal(2, (await log.Archive.List(Cancel)).Count);
            Assert.Equal(0L, await log.Ask<long>("select count(*) from eventstore.events where position < 2000"));
        }
    }

    [Fact]
    public async Task A_directory_with_other_files_of_the_partition_is_refused()
    {
        await using var log = await ArchivedLog.Make(servers, events: 1500);
        await using var other = await ArchivedLog.Make(servers, events: 1500);
        await other.Archive.Archive(log.Files, ArchivedLog.All, ArchivedLog.Forced, cancellationToken: Cancel);

        await Assert.ThrowsAsync<InvalidDataException>(() => log.Archive.Archive(
            log.Files, ArchivedLog.All, ArchivedLog.Forced, cancellationToken: Cancel));
        Assert.Empty(await log.Archive.List(Cancel));
        Assert.Equal(1500, (await log.Whole()).Count);
    }

    [Fact]
    public async Task A_file_that_comes_back_damaged_keeps_the_partition()
    {
        await using var log = await ArchivedLog.Make(servers, events: 1500);
        var events = Path.Combine(log.Files, "events_from_0.copy.gz");
        await Assert.ThrowsAsync<InvalidDataException>(() => log.Archive.Archive(
            log.Files, ArchivedLog.All, ArchivedLog.Forced,
            at =>
            {
                if (at.Step == "reading the files back")
                    File.WriteAllBytes(events, File.ReadAllBytes(events)[..^50]);
            },
            Cancel));
        Assert.Equal(1500, (await log.Whole()).Count);
        Assert.Empty(await log.Archive.List(Cancel));
    }

    [Fact]
    public async Task Two_at_once_do_not_get_into_each_others_way_and_a_writer_may_not()
    {
        await using var log = await ArchivedLog.Make(servers, events: 1500);
        await using var holder = await log.DataSource.OpenConnectionAsync(Cancel);
        await using (var command = new NpgsqlCommand("select pg_advisory_lock(x'4541524348495645'::bigint)", holder))
            await command.ExecuteNonQueryAsync(Cancel);
        await Assert.ThrowsAsync<InvalidOperationException>(() => log.Archive.Archive(
            log.Files, ArchivedLog.All, ArchivedLog.Forced, cancellationToken: Cancel));
        await using (var command = new NpgsqlCommand("select pg_advisory_unlock_all()", holder))
            await command.ExecuteNonQueryAsync(Cancel);

        await using var writers = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(log.ConnectionString) { Options = "-c role=eventstore_writer" });
        var denied = await Assert.ThrowsAsync<PostgresException>(() => new LogArchive(writers).Archive(
            log.Files, ArchivedLog.All, ArchivedLog.Forced, cancellationToken: Cancel));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, denied.SqlState);
        Assert.Equal(1500, (await log.Whole()).Count);
    }

    private static Task<string> Tags(ArchivedLog log) => log.Ask<string>(
        "select string_agg(tag || ':' || position, ',' order by tag, position) from eventstore.tagged");

    private static void Same(IReadOnlyList<RecordedEvent> expected, IReadOnlyList<RecordedEvent> actual)
    {
        Assert.Equal(expected.Select(Text), actual.Select(Text));

        static string Text(RecordedEvent e) => string.Create(
            CultureInfo.InvariantCulture,
            $"{e.Position} {e.EventId} {e.Stream} {e.Version} {e.Type} {e.SchemaVersion} {e.Data} {e.Metadata} {string.Join('|', e.Tags)}");
    }
}
