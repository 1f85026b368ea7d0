using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Dashboard.Grpc;

namespace Portable.Hosting.Dashboard;

/// <summary>
/// Listens on a free loopback port, HTTP/2 without TLS, for the dashboard's calls, and keeps the feed of resources in
/// step with the app host's notifications.
/// </summary>
internal sealed class ResourceServiceHost(
    string applicationName,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    ResourceCommandService commands,
    ILoggerFactory logging) : IAsyncDisposable
{
    /// <summary>How long open calls may take to end when the host stops; they are all canceled at once.</summary>
    private static readonly TimeSpan grace = TimeSpan.FromSeconds(2);

    private readonly ResourceFeed feed = new();
    private readonly CancellationTokenSource stopping = new();
    private WebApplication? server;
    private Task following = Task.CompletedTask;

    /// <summary>How many watch the resources now: one, when a dashboard is connected.</summary>
    public int Watchers => feed.Watchers;

    /// <summary>Starts to listen; returns the address the dashboard connects to.</summary>
    public async Task<Uri> Start(CancellationToken cancellationToken)
    {
        following = Task.Run(Follow, CancellationToken.None);
        server = Build();
        await server.StartAsync(cancellationToken);
        var features = server.Services.GetRequiredService<IServer>().Features;
        return new Uri(features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
    }

    /// <summary>Ends every call with UNAVAILABLE and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        if (server is not null)
        {
            await server.StopAsync(CancellationToken.None);
            await server.DisposeAsync();
        }

        await following;
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // A call that streams may be silent for hours; the rate limits are for uploads.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(logging);
        builder.Services.AddSingleton<IHostLifetime, LifetimeOfTheAppHost>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = grace);
        var app = builder.Build();
        new ResourceService(applicationName, feed, loggers, commands).Map(new GrpcMethods(app, ResourceService.Name));
        return app;
    }

    private async Task Follow()
    {
        var log = logging.CreateLogger<ResourceServiceHost>();
        try
        {
            await foreach (var change in notifications.WatchAsync(stopping.Token))
                feed.Publish(change.ResourceId, change.ToMessage());
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            log.LogDebug("No longer following the resources: the app host stops.");
        }
        catch (Exception e)
        {
            log.LogError(e, "The dashboard no longer follows the resources' states.");
        }
    }

    /// <summary>Ctrl+C and SIGTERM are the app host's to handle, in its order; not this inner server's.</summary>
    private sealed class LifetimeOfTheAppHost : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
