using Commerce.EventLog;
using EventStore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Npgsql;
using Projections;
using QueryApi;
using Servers;
using ServiceDefaults;

namespace Queries.Bench;

/// <summary>Servers, log, projections, the query API and the bare endpoint; filled and caught up.</summary>
internal sealed class BenchSystem : IAsyncDisposable
{
    private readonly TestServers servers = new();
    private readonly List<IAsyncDisposable> running = [];

    public PostgresEventStore Log { get; private set; } = null!;

    public WebApplication Api { get; private set; } = null!;

    public WebApplication Bare { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    /// <summary>What the bare endpoint answers, by the name in its path.</summary>
    public Dictionary<string, byte[]> Bodies { get; } = [];

    public Sample Sample { get; private set; } = null!;

    public static int PortOf(WebApplication app) => new Uri(app.Urls.Single()).Port;

    public static async Task<BenchSystem> Start(Settings settings, CancellationToken cancellationToken)
    {
        var system = new BenchSystem();
        var commerce = await system.servers.NewDatabase(cancellationToken);
        var database = NpgsqlDataSource.Create(commerce);
        system.Log = new PostgresEventStore(database, CommerceEvents.Types());
        system.running.Add(database);
        system.running.Add(system.Log);
        await system.Log.Migrate(cancellationToken);
        system.Sample = new Sample(settings.Products, settings.Orders);
        var last = await system.Sample.Append(system.Log, cancellationToken);

        List<string> arguments =
        [
            $"--ConnectionStrings:commerce={commerce}",
            $"--ConnectionStrings:readmodels={await system.servers.NewDatabase(cancellationToken)}",
            $"--ConnectionStrings:redis={(await system.servers.Redis(cancellationToken)).ConnectionString}",
            "--urls=http://127.0.0.1:0",
            "--Logging:LogLevel:Default=Warning",
        ];
        if (TestServers.HasElasticsearch)
        {
            var elasticsearch = await system.servers.Elasticsearch(cancellationToken);
            arguments.Add($"--ConnectionStrings:elasticsearch={elasticsearch.ConnectionString}");
        }

        foreach (var store in new[] { "postgres", "redis", "search" })
            system.running.Add(await StartProjections([.. arguments, $"--store={store}"], cancellationToken));
        system.Api = QueryApiService.Create([.. arguments]);
        system.running.Add(system.Api);
        await system.Api.StartAsync(cancellationToken);
        system.Bare = system.CreateBare();
        system.running.Add(system.Bare);
        await system.Bare.StartAsync(cancellationToken);
        system.Client = new HttpClient { BaseAddress = new Uri(system.Api.Urls.Single()) };
        await system.WaitForModels(last, cancellationToken);
        return system;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        running.Reverse();
        foreach (var service in running.OfType<WebApplication>())
            await service.StopAsync();
        foreach (var part in running)
            await part.DisposeAsync();
        await servers.DisposeAsync();
    }

    private static async Task<WebApplication> StartProjections(string[] arguments, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder(arguments);
        builder.AddDatabase("commerce");
        builder.AddProjections(builder.Configuration.RequireStore());
        var app = builder.Build();
        await app.StartAsync(cancellationToken);
        return app;
    }

    /// <summary>The same server with the same settings, and an endpoint that only gives bytes.</summary>
    private WebApplication CreateBare()
    {
        var builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning"]);
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.AddServerHeader = false);
        var app = builder.Build();
        app.MapGet("/bare/{name}", (string name) =>
            TypedResults.Bytes(Bodies[name], "application/json; charset=utf-8"));
        return app;
    }

    private async Task WaitForModels(long position, CancellationToken cancellationToken)
    {
        foreach (var path in Sample.OneOfEach)
        {
            while (true)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.Add("Consistency-Token", $"{position}");
                request.Headers.Add("Consistency-Timeout", "30");
                using var response = await Client.SendAsync(request, cancellationToken);
                if (response.IsSuccessStatusCode)
                    break;
                await Task.Delay(500, cancellationToken);
            }
        }
    }
}
