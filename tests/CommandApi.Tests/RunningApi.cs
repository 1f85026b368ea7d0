using CommandLog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ServiceDefaults;
using Servers;

namespace CommandApi.Tests;

/// <summary>
/// The command API on a free port, with a database and a virtual host of its own, and an endpoint that plays
/// <c>Commerce.Workflows</c>: it records whatever outcome the test wants.
/// </summary>
internal sealed class RunningApi : IAsyncDisposable
{
    private readonly WebApplication api;
    private readonly IHost workflows;

    private RunningApi(WebApplication api, IHost workflows, string database)
    {
        Database = database;
        this.api = api;
        this.workflows = workflows;
        var server = api.Services.GetRequiredService<IServer>();
        var addresses = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        Http = new HttpClient { BaseAddress = new Uri(addresses.First()), Timeout = TimeSpan.FromMinutes(2) };
    }

    public HttpClient Http { get; }

    /// <summary>What the endpoint playing Workflows got and does.</summary>
    public WorkflowScript Workflows => workflows.Services.GetRequiredService<WorkflowScript>();

    /// <summary>Its connection string.</summary>
    public string Database { get; }

    public static async Task<RunningApi> Start(TestServers servers)
    {
        var cancellationToken = CancellationToken.None; // outlives the test that happens to come first
        var broker = await servers.RabbitMQ(cancellationToken);
        var database = await servers.NewDatabase(cancellationToken);
        string[] settings =
        [
            $"--ConnectionStrings:commerce={database}",
            $"--ConnectionStrings:rabbitmq={await servers.NewVirtualHost(cancellationToken)}",
            $"--services:rabbitmq:management:0={broker.Endpoint("management")}",
            "--urls=http://127.0.0.1:0",
            "--Logging:LogLevel:Default=Warning",
        ];
        var workflows = BuildWorkflows(settings);
        await workflows.StartAsync(cancellationToken);
        var api = CommandApiService.Create(settings);
        await api.StartAsync(cancellationToken);
        return new RunningApi(api, workflows, database);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await api.StopAsync();
        await api.DisposeAsync();
        await workflows.StopAsync();
        workflows.Dispose();
    }

    private static IHost BuildWorkflows(string[] settings)
    {
        var builder = Host.CreateApplicationBuilder(settings);
        builder.AddDatabase("commerce");
        builder.AddSchema("commerce", "workflows");
        builder.Services.AddCommandLog("commerce");
        builder.AddCommerceEndpoint("Commerce.Workflows", endpoint =>
        {
            endpoint.UsePostgres(builder.Configuration.GetConnectionString("commerce")!, "workflows");
            endpoint.AddHandler<PlayedWorkflows>();
        });
        builder.Services.AddSingleton<WorkflowScript>();
        return builder.Build();
    }
}
