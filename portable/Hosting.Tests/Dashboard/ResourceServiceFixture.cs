using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Dashboard;

namespace Portable.Hosting.Tests.Dashboard;

/// <summary>The resource service of an application with two resources that a test moves by hand.</summary>
internal sealed class ResourceServiceFixture : IAsyncDisposable
{
    private readonly DistributedApplication application;
    private readonly ResourceServiceHost host;

    private ResourceServiceFixture(DistributedApplication application, ResourceServiceHost host, Uri address)
    {
        this.application = application;
        this.host = host;
        Client = new RawGrpcClient(address);
    }

    public RawGrpcClient Client { get; }

    public int Watchers => host.Watchers;

    public ResourceNotificationService Notifications => application.ResourceNotifications;

    public ResourceLoggerService Loggers => application.Services.GetRequiredService<ResourceLoggerService>();

    public Parcel Api { get; } = new("api");

    public static async Task<ResourceServiceFixture> Start(CancellationToken cancellationToken)
    {
        var options = new DistributedApplicationOptions { DisableDashboard = true };
        var application = DistributedApplication.CreateBuilder(options).Build();
        var services = application.Services;
        var host = new ResourceServiceHost(
            "Shop",
            services.GetRequiredService<ResourceNotificationService>(),
            services.GetRequiredService<ResourceLoggerService>(),
            services.GetRequiredService<ResourceCommandService>(),
            services.GetRequiredService<ILoggerFactory>());
        return new ResourceServiceFixture(application, host, await host.Start(cancellationToken));
    }

    /// <summary>Publishes a state of the API and waits until the service has seen it.</summary>
    public async Task Publish(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) =>
        await Notifications.PublishUpdateAsync(Api, change);

    /// <summary>Ends the service as the end of the app host does.</summary>
    public ValueTask Stop() => host.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await host.DisposeAsync();
        await application.DisposeAsync();
    }
}

/// <summary>A resource with nothing behind it.</summary>
internal sealed class Parcel(string name) : Resource(name)
{
    public void Add(string command, Func<ExecuteCommandContext, Task<ExecuteCommandResult>> execute) =>
        Annotations.Add(new ResourceCommandAnnotation(
            command, command.ToUpperInvariant(), _ => ResourceCommandState.Enabled, execute, "does it",
            parameter: null, confirmationMessage: "Sure?", "Play", IconVariant.Filled, isHighlighted: true));
}
