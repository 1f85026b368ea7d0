using System.Diagnostics;
using System.Globalization;
using EventStore;
using Npgsql;
using Servers;

namespace Chaos.EventStore;

/// <summary>No gap, ever: a million events of 32 writers that commit out of order, and readers of every kind.</summary>
public sealed class NoGapTests(TestServers servers, ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>CHAOS_EVENTS makes it a shorter run.</summary>
    private static readonly long Events = long.Parse(
        Environment.GetEnvironmentVariable("CHAOS_EVENTS") ?? "1000000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Every_reader_sees_exactly_what_was_committed_once_and_in_order()
    {
        var token = TestContext.Current.CancellationToken;
        var connectionString = await servers.NewDatabase(token);
        var log = new WrittenLog();
        var clock = Stopwatch.StartNew();
        await using var first = NpgsqlDataSource.Create(connectionString);
        await using var second = NpgsqlDataSource.Create(connectionString);
        await using var store = new PostgresEventStore(
            first, WrittenLog.Types, new EventStoreOptions { PartitionSize = 100_000 });
        await using var twin = new PostgresEventStore(
            second, WrittenLog.Types, new EventStoreOptions { PartitionSize = 70_000 });
        await store.Migrate(token);

        var (tocks, lane) = (new LogFilter(Types: [WrittenLog.TockName]), new LogFilter(Tags: [WrittenLog.Lane]));
        await using var polling = Follower("poll", log.All, null).Poll();
        await using var pollingLane = Follower("poll by tag", log.InLane, lane).Poll();
        await using var following = Follower("subscription", log.All, null).Subscribe(500);
        await using var ofType = Follower("by type", log.Tocks, tocks).Subscribe(200);
        await using var ofTag = Follower("by tag", log.InLane, lane).Subscribe(100);
        await using var restarting = Follower("restarting", log.All, null)
            .Subscribe(300, restarting: true);
        await using var naive = Follower("naive", log.All, null).ReadNaively();

        var writers = Enumerable.Range(0, 32)
            .Select(n => new DisorderlyWriter(n, log, n % 4 < 2 ? store : twin, n % 4 < 2 ? first : second)).ToArray();
        await Task.WhenAll(writers.Select((writer, n) => Task.Run(
            () => n % 2 == 0 ? writer.Append(Events, token) : writer.AppendJoined(Events, token), token)));
        var written = clock.Elapsed;

        var head = await store.ReadHead(token);
        LogFollower[] readers = [polling, pollingLane, following, ofType, ofTag, restarting];
        foreach (var reader in readers.Append(naive))
            await reader.Reached(head, Patience, token);

        output.WriteLine(
            $"{log.Committed} events up to {head} in {written.TotalSeconds:0} s, read {clock.Elapsed.TotalSeconds:0} s "
            + $"after the start; {writers.Sum(w => w.RolledBack)} transactions and "
            + $"{writers.Sum(w => w.SavepointsRolledBack)} savepoints rolled back, {writers.Sum(w => w.Refused)} appends "
            + $"refused, {writers.Sum(w => w.Deadlocks)} deadlocks. The naive reader lost {naive.Lost} events.");
        foreach (var reader in readers)
            output.WriteLine($"{reader}");

        Assert.Equal(log.Committed, log.All.Count);
        Assert.Equal(log.Committed, await Count(first, token));
        Assert.True(naive.Lost > 0, "The naive reader lost nothing: the run proves nothing of the others.");
        var faults = readers.SelectMany(reader => reader.Faults()).ToList();
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
        var verification = await new LogInspection(first, store, WrittenLog.Types).Verify(cancellationToken: token);
        Assert.True(verification.IsSound, string.Join(Environment.NewLine, verification.Findings));

        LogFollower Follower(string name, PositionSet written, LogFilter? filter) =>
            new(name, connectionString, WrittenLog.Types, written, filter);
    }

    private static async Task<long> Count(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("select count(*) from eventstore.events");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
