using System.Net;
using Commerce.Contracts;
using Commerce.EventLog;
using EventStore;
using Npgsql;
using Servers;

namespace QueryApi.Tests.Running;

/// <summary>
/// A log, the real projections that fill the read models from it, and query APIs that read them: shared by all tests,
/// each with a tenant of its own.
/// </summary>
public sealed class RunningCommerce : IAsyncLifetime
{
    private static int tenants;
    private readonly TestServers servers = new();
    private readonly List<IAsyncDisposable> running = [];
    private PostgresEventStore log = null!;

    /// <summary>Search on Elasticsearch, where this machine has one.</summary>
    internal RunningQueryApi Api { get; private set; } = null!;

    /// <summary>The servers it runs on. Only a system of a test's own may have them stopped.</summary>
    internal TestServers Servers => servers;

    /// <summary>Where <see cref="Api"/> reads.</summary>
    internal Connections Connections { get; private set; } = null!;

    /// <summary>False for a system that does without, even on a machine that has it.</summary>
    internal bool WithElasticsearch { get; init; } = TestServers.HasElasticsearch;

    /// <summary>Search on PostgreSQL.</summary>
    internal RunningQueryApi ApiWithoutElasticsearch { get; private set; } = null!;

    /// <summary>A tenant that nobody else uses.</summary>
    public static string NewTenant() => $"tenant-{Interlocked.Increment(ref tenants)}";

    public async ValueTask InitializeAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var commerce = await servers.NewDatabase(cancellationToken);
        var database = NpgsqlDataSource.Create(commerce);
        log = new PostgresEventStore(database, CommerceEvents.Types());
        running.Add(database);
        running.Add(log);
        await log.Migrate(cancellationToken);

        var redis = (await servers.Redis(cancellationToken)).ConnectionString;
        var elasticsearch = WithElasticsearch
            ? (await servers.Elasticsearch(cancellationToken)).ConnectionString
            : null;
        Connections = new(commerce, await servers.NewDatabase(cancellationToken), redis, elasticsearch);
        foreach (var store in new[] { "postgres", "redis", "search" })
            running.Add(await RunningProjections.Start(store, Connections, cancellationToken));
        running.Add(ApiWithoutElasticsearch = Api = await RunningQueryApi.Start(Connections, cancellationToken));
        if (elasticsearch is not null)
            running.Add(ApiWithoutElasticsearch = await StartWithoutElasticsearch(cancellationToken));
        foreach (var path in new[]
        {
            "/products/X", "/products", "/orders/0198f3a0-0000-7000-8000-000000000001", "/customers/X/orders", "/stock/X",
            "/bestsellers", "/analytics/revenue",
        })
            await WaitForModel(Api, path);
        await WaitForModel(ApiWithoutElasticsearch, "/products");
    }

    /// <summary>Waits until a model is there and has held all of the log once: from then on its age is known.</summary>
    private static Task WaitForModel(RunningQueryApi api, string path) => Waiting.Until($"{path} is answered", async () =>
    {
        using var answer = await api.Send(path, "warm-up", null, ("Max-Staleness", "1m"));
        return answer.StatusCode is not HttpStatusCode.ServiceUnavailable;
    });

    private async Task<RunningQueryApi> StartWithoutElasticsearch(CancellationToken cancellationToken)
    {
        var without = Connections with
        {
            ReadModels = await servers.NewDatabase(cancellationToken),
            Elasticsearch = null,
        };
        running.Add(await RunningProjections.Start("search", without, cancellationToken));
        return await RunningQueryApi.Start(without, cancellationToken);
    }

    /// <summary>Appends events, all at the same time, each to its own stream.</summary>
    /// <returns>The token of a command that had written them.</returns>
    public Task<long> Append(params IReadOnlyList<ICommerceEvent> events) => Append(DateTimeOffset.UtcNow, events);

    /// <inheritdoc cref="Append(IReadOnlyList{ICommerceEvent})"/>
    public async Task<long> Append(DateTimeOffset time, params IReadOnlyList<ICommerceEvent> events)
    {
        // One after another: the order of the log is the order here, over streams too.
        var position = 0L;
        foreach (var run in Runs(events))
        {
            var appended = await log.Append(
                new AppendRequest(
                    [new StreamAppend(Shop.StreamOf(run[0]), ExpectedVersion.Any, [.. run])],
                    new EventMetadata(Guid.CreateVersion7(), run[0].Tenant, time)),
                TestContext.Current.CancellationToken);
            position = Assert.IsType<Appended>(appended).Position;
        }

        return position;
    }

    public ValueTask<long> ReadHead() => log.ReadHead(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        running.Reverse();
        foreach (var part in running)
            await part.DisposeAsync();
        await servers.DisposeAsync();
    }

    private static IEnumerable<List<ICommerceEvent>> Runs(IReadOnlyList<ICommerceEvent> events)
    {
        List<ICommerceEvent> run = [];
        foreach (var next in events)
        {
            if (run.Count > 0 && Shop.StreamOf(run[0]) != Shop.StreamOf(next))
            {
                yield return run;
                run = [];
            }

            run.Add(next);
        }

        yield return run;
    }
}

/// <summary>Connection strings of one system.</summary>
/// <param name="Elasticsearch">Null: search on PostgreSQL.</param>
internal sealed record Connections(string Commerce, string ReadModels, string Redis, string? Elasticsearch)
{
    public string[] AsArguments() =>
    [
        $"--ConnectionStrings:commerce={Commerce}",
        $"--ConnectionStrings:readmodels={ReadModels}",
        $"--ConnectionStrings:redis={Redis}",
        .. Elasticsearch is null ? Array.Empty<string>() : [$"--ConnectionStrings:elasticsearch={Elasticsearch}"],
        "--urls=http://127.0.0.1:0",
        "--Logging:LogLevel:Default=Warning",
    ];
}
