using System.Diagnostics;
using AppendFaults;
using EventStore;
using Npgsql;
using Servers;

namespace Chaos.EventStore;

/// <summary>The network between a store and its database falls silent in mid-append, again and again.</summary>
public sealed class NetworkCutTests(TestServers servers, ITestOutputHelper output)
{
    private const int Cuts = 12;
    private const int ConnectSeconds = 2;
    private const int CommandSeconds = 4;

    private static readonly TimeSpan AppendPatience = TimeSpan.FromSeconds(6);

    /// <summary>
    /// As documented for <see cref="EventStoreOptions.AppendPatience"/>, and something for a machine that is busy.
    /// </summary>
    private static readonly TimeSpan AppendBound = AppendPatience + Attempt + TimeSpan.FromSeconds(4);

    private static readonly TimeSpan ReadBound = Attempt + TimeSpan.FromSeconds(4);

    /// <summary>To connect, to command, and to ask the server to cancel it.</summary>
    private static TimeSpan Attempt => TimeSpan.FromSeconds(ConnectSeconds + CommandSeconds + ConnectSeconds + 2);

    [Fact]
    public async Task A_silent_network_keeps_no_call_longer_than_documented_and_doubles_nothing()
    {
        var token = TestContext.Current.CancellationToken;
        var direct = await servers.NewDatabase(token);
        var address = new NpgsqlConnectionStringBuilder(direct);
        await using var proxy = new TcpProxy(address.Host!, address.Port);
        var connectionString = new NpgsqlConnectionStringBuilder(direct)
        {
            Host = "127.0.0.1",
            Port = proxy.Port,
            Timeout = ConnectSeconds,
            CommandTimeout = CommandSeconds,
        }.ConnectionString;

        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var beyond = NpgsqlDataSource.Create(direct);
        await using var store = new PostgresEventStore(
            dataSource, NumberedAppends.Types, new EventStoreOptions { AppendPatience = AppendPatience });
        await store.Migrate(token);
        var written = new PositionSet(1_000_000);
        await using var follower = new LogFollower(
            "subscription", connectionString, NumberedAppends.Types, written, null).Subscribe(500);

        var callers = new Callers(dataSource, [store]) { Bound = AppendBound };
        var working = callers.Work(count: 16, token);
        using var finished = CancellationTokenSource.CreateLinkedTokenSource(token);
        var reading = Read(store, finished.Token);
        for (var cut = 0; cut < Cuts; cut++)
        {
            await callers.UntilAcknowledged(callers.Acknowledged + Random.Shared.Next(20, 400), working, token);
            proxy.Silence();
            await Task.Delay(Random.Shared.Next(500, 14_000), token);
            proxy.Heal(deliver: cut % 2 == 0);
        }
        await callers.UntilAcknowledged(callers.Acknowledged + 200, working, token);
        callers.Finish();
        await working;
        await finished.CancelAsync();
        var (reads, failed, longest) = await reading;

        output.WriteLine(
            $"{Cuts} cuts; {callers.Acknowledged} appends acknowledged, {callers.Refused.Count} refused for certain, "
            + $"{callers.Unknown} unknown and repeated, {callers.Repeated} repeated in a new transaction; the longest took "
            + $"{callers.Longest.TotalSeconds:0.0} s. {reads} reads, {failed} failed, the longest took "
            + $"{longest.TotalSeconds:0.0} s.");
        Assert.Equal([], callers.Late);
        Assert.True(longest < ReadBound, $"A read took {longest}.");
        await using var sound = new PostgresEventStore(beyond, NumberedAppends.Types);
        await KillTests.AssertSound(beyond, sound, callers.Done, callers.Refused, []);
        await KillTests.Fill(written, beyond, token);
        await follower.Reached(await sound.ReadHead(token), TimeSpan.FromMinutes(2), token);
        Assert.Equal([], follower.Faults());
    }

    /// <summary>Reads of every kind, each a round trip or two.</summary>
    private static async Task<(int Reads, int Failed, TimeSpan Longest)> Read(
        PostgresEventStore store, CancellationToken cancellationToken)
    {
        var (reads, failed, longest) = (0, 0, TimeSpan.Zero);
        var count = new Fold<int>("count", 0, static (count, _) => count + 1);
        while (!cancellationToken.IsCancellationRequested)
        {
            var clock = Stopwatch.StartNew();
            try
            {
                Task read = (reads++ % 4) switch
                {
                    0 => store.ReadHead(cancellationToken).AsTask(),
                    1 => store.Load([$"shared/{reads % 40}"], count, cancellationToken: cancellationToken).AsTask(),
                    2 => store.ReadStream($"own/{reads}", cancellationToken: cancellationToken)
                        .GetAsyncEnumerator(cancellationToken).MoveNextAsync().AsTask(),
                    _ => Task.Delay(20, cancellationToken),
                };
                await read;
            }
            catch (NpgsqlException)
            {
                failed++;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            longest = clock.Elapsed > longest ? clock.Elapsed : longest;
        }
        return (reads, failed, longest);
    }
}
