using AppendFaults;
using EventStore;
using Npgsql;
using Servers;

namespace Chaos.EventStore;

/// <summary>Writers and PostgreSQL end with SIGKILL in mid-append, again and again under load.</summary>
public sealed class KillTests(TestServers servers, ITestOutputHelper output)
{
    private const int Kills = 25;
    private const int Outages = 8;
    private const int AtOnce = 64;

    [Fact]
    public async Task A_writer_that_is_killed_leaves_whole_appends_and_repeating_the_open_ones_doubles_nothing()
    {
        var token = TestContext.Current.CancellationToken;
        var connectionString = await servers.NewDatabase(token);
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var store = new PostgresEventStore(dataSource, NumberedAppends.Types);
        await store.Migrate(token);

        var random = new Random(1);
        var (next, acknowledged, abandoned) = (0, new HashSet<int>(), new List<int>());
        List<int> open = [];
        var repeated = 0;
        for (var life = 0; life <= Kills; life++)
        {
            // One of ten is never repeated: it is there whole, or not at all.
            abandoned.AddRange(open.Where(number => number % 10 == 0));
            open.RemoveAll(number => number % 10 == 0);
            repeated += open.Count;

            await using var writer = AppendingProcess.Start(connectionString);
            foreach (var number in open)
                await writer.Append(number);
            await writer.Flush();
            var waiting = open.ToHashSet();
            var killAt = acknowledged.Count + random.Next(50, 1200);
            while (life == Kills ? waiting.Count > 0 : acknowledged.Count < killAt)
            {
                for (; life < Kills && waiting.Count < AtOnce; next++)
                {
                    waiting.Add(next);
                    await writer.Append(next);
                }
                await writer.Flush();
                if (await writer.Acknowledged(token) is not { } number)
                    Assert.Fail("The writer has ended by itself.");
                else
                    Acknowledge(number);
            }
            await writer.Kill();
            while (await writer.Acknowledged(token) is { } number)
                Acknowledge(number);
            open = [.. waiting];

            void Acknowledge(int number)
            {
                waiting.Remove(number);
                Assert.True(acknowledged.Add(number), $"{number} was acknowledged twice.");
            }
        }

        output.WriteLine(
            $"{Kills} kills; {acknowledged.Count} appends acknowledged, {repeated} repeated, {abandoned.Count} left open.");
        Assert.True(repeated > Kills, $"Only {repeated} appends were open: the run proves little.");
        await AssertSound(dataSource, store, acknowledged, [], abandoned);
    }

    [Fact]
    public async Task PostgreSQL_killed_or_restarted_in_mid_append_loses_and_doubles_nothing()
    {
        var token = TestContext.Current.CancellationToken;
        var connectionString = await servers.NewDatabase(token);
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var store = new PostgresEventStore(dataSource, NumberedAppends.Types);
        await using var twin = new PostgresEventStore(dataSource, NumberedAppends.Types);
        await store.Migrate(token);
        var written = new PositionSet(4_000_000);
        await using var follower = new LogFollower(
            "subscription", connectionString, NumberedAppends.Types, written, null).Subscribe(500);
        var callers = new Callers(dataSource, [store, twin]);

        var working = callers.Work(count: 32, token);
        var server = await servers.Postgres(token);
        for (var outage = 0; outage < Outages; outage++)
        {
            await callers.UntilAcknowledged(callers.Acknowledged + Random.Shared.Next(200, 2000), working, token);
            await (outage % 3 == 2 ? server.Restart(token) : server.Kill(token));
        }
        await callers.UntilAcknowledged(callers.Acknowledged + 500, working, token);
        callers.Finish();
        await working;

        output.WriteLine(
            $"{Outages} outages; {callers.Acknowledged} appends acknowledged, {callers.Refused.Count} refused for certain, "
            + $"{callers.Unknown} unknown and repeated, {callers.Repeated} repeated in a new transaction.");
        await AssertSound(dataSource, store, callers.Done, callers.Refused, []);
        await Fill(written, dataSource, token);
        await follower.Reached(await store.ReadHead(token), TimeSpan.FromMinutes(2), token);
        Assert.Equal([], follower.Faults());
    }

    internal static async Task AssertSound(
        NpgsqlDataSource dataSource,
        PostgresEventStore store,
        IReadOnlyCollection<int> acknowledged,
        IReadOnlyCollection<int> refused,
        IReadOnlyCollection<int> undecided)
    {
        var token = TestContext.Current.CancellationToken;
        Assert.Equal([], await NumberedAppends.Faults(dataSource, acknowledged, refused, undecided, token));
        var verification = await new LogInspection(dataSource, store, NumberedAppends.Types)
            .Verify(cancellationToken: token);
        Assert.Equal([], verification.Findings);
    }

    internal static async Task Fill(PositionSet written, NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("select position from eventstore.events");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            written.Add(reader.GetInt64(0));
    }
}
