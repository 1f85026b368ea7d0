using System.Diagnostics;
using Commerce.Contracts;
using Commerce.Contracts.Catalog;
using Commerce.EventLog;
using EventStore;
using Npgsql;
using Servers;

namespace Chaos.Queries;

/// <summary>
/// A thousand clients with tokens, while query and projection processes are killed: each reads its own writes or is
/// refused in time, and none goes back in time.
/// </summary>
public sealed class SessionsUnderKillsTests(TestServers servers)
{
    private const int Clients = 1_000;
    private const int Shelves = 50;
    private const int LeastKills = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Clients_with_tokens_read_their_writes_and_never_go_back()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var commerce = await servers.NewDatabase(cancellationToken);
        await using var database = NpgsqlDataSource.Create(commerce);
        await using var log = new PostgresEventStore(database, CommerceEvents.Types());
        await log.Migrate(cancellationToken);
        Shelf[] shelves = [.. Enumerable.Range(0, Shelves).Select(number => new Shelf(number))];
        foreach (var shelf in shelves)
            await Register(log, shelf, cancellationToken);

        string[] arguments =
        [
            $"--ConnectionStrings:commerce={commerce}",
            $"--ConnectionStrings:readmodels={await servers.NewDatabase(cancellationToken)}",
            $"--ConnectionStrings:redis={(await servers.Redis(cancellationToken)).ConnectionString}",
            $"--ConnectionStrings:rabbitmq={await servers.NewVirtualHost(cancellationToken)}",
            $"--services:rabbitmq:management:0={(await servers.RabbitMQ(cancellationToken)).Endpoint("management")}",
            "--Logging:LogLevel:Default=Error",
        ];
        List<ServiceProcess> queries = [], projections = [];
        try
        {
            for (var i = 0; i < 2; i++)
            {
                queries.Add(ServiceProcess.Start("QueryApi", arguments));
                projections.Add(ServiceProcess.Start("Projections", [.. arguments, "--store=postgres"]));
                projections.Add(ServiceProcess.Start("Projections", [.. arguments, "--store=redis"]));
            }

            await Run(log, shelves, queries, [.. queries, .. projections], cancellationToken);
        }
        finally
        {
            foreach (var process in queries.Concat(projections))
                await process.DisposeAsync();
        }
    }

    private static async Task Run(
        PostgresEventStore log,
        Shelf[] shelves,
        List<ServiceProcess> queries,
        List<ServiceProcess> all,
        CancellationToken cancellationToken)
    {
        // Longer than any answer may take: whoever gets none by then fails.
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        SessionClient[] clients =
            [.. Enumerable.Range(0, Clients).Select(i => new SessionClient(log, http, queries, shelves, seed: i))];
        await clients[0].ReadUntilAnswered(cancellationToken);

        using var ending = new CancellationTokenSource();
        var running = Task.WhenAll(clients.Select(client => client.Run(Pause, ending.Token, cancellationToken)));
        var killed = await Kill(all, cancellationToken);
        await ending.CancelAsync();
        await running;
        await Parallel.ForEachAsync(
            clients, cancellationToken, async (client, cancellation) => await client.ReadUntilAnswered(cancellation));

        TestContext.Current.SendDiagnosticMessage(
            "{0} answers, {1} refused, {2} processes killed",
            clients.Sum(client => client.Reads), clients.Sum(client => client.Refused), killed);
        Assert.All(clients, client => Assert.InRange(client.Reads, 1, int.MaxValue));
    }

    /// <summary>
    /// One after the other, each only when the one before is back: a slow machine takes longer, but does not get away
    /// with less.
    /// </summary>
    private static async Task<int> Kill(List<ServiceProcess> processes, CancellationToken cancellationToken)
    {
        var random = new Random(4711);
        var started = Stopwatch.GetTimestamp();
        var killed = 0;
        while (killed < LeastKills || Stopwatch.GetElapsedTime(started) < Length)
        {
            await Task.Delay(BetweenKills, cancellationToken);
            var victim = processes[random.Next(processes.Count)];
            victim.Kill();
            killed++;
            await victim.WaitUntilUp(cancellationToken);
        }

        return killed;
    }

    private static async Task Register(PostgresEventStore log, Shelf shelf, CancellationToken cancellationToken) =>
        await log.Append(
            new AppendRequest(
                [new StreamAppend(
                    CommerceStreams.Product(Shelf.Tenant, shelf.Sku), ExpectedVersion.NoStream,
                    [new ProductRegistered(
                        Shelf.Tenant, shelf.Sku, "Shelf", null, null, "Shelves", new Money(10, "GBP"))])],
                new EventMetadata(Guid.CreateVersion7(), Shelf.Tenant, DateTimeOffset.UtcNow)),
            cancellationToken);
}
