using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Dashboard;
using Portable.Hosting.Data;
using Portable.Hosting.Terminal;

namespace Portable.Hosting.Running;

/// <summary>Registers what runs an application.</summary>
internal static class RunningServices
{
    /// <summary>Stopping is bounded per resource, so the host must not give up before the last one.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromMinutes(3);

    public static void AddRunning(this HostApplicationBuilder host, DistributedApplicationBuilder builder)
    {
        var services = host.Services;
        services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);
        // Without a dashboard nobody could start a resource that failed, so nobody waits for it either.
        services.Configure<ResourceNotificationServiceOptions>(options =>
            options.DefaultWaitBehavior = builder.DashboardEnabled
                ? WaitBehavior.WaitOnResourceUnavailable
                : WaitBehavior.StopOnResourceUnavailable);
        services.AddHealthChecks();
        services.AddSingleton(builder.ExecutionContext);
        services.AddSingleton(builder.CommandLine);
        services.AddSingleton(builder.Folder);
        services.AddSingleton(builder.Ports);
        services.AddSingleton(_ => new DistributedApplicationModel(builder.Resources));
        services.AddSingleton<ResourceLoggerService>();
        services.AddSingleton(provider => new ResourceNotificationService(
            provider.GetRequiredService<IOptions<ResourceNotificationServiceOptions>>()));
        services.AddSingleton(provider => new ResourceCommandService(
            provider.GetRequiredService<ResourceNotificationService>(), provider));
        services.AddSingleton<LogFiles>();
        services.AddSingleton<Screen>();
        services.AddSingleton<EndpointAllocation>(provider => new EndpointAllocation(
            provider.GetRequiredService<PortReservations>(), builder.Configuration, builder.Options.Testing));
        services.AddSingleton<InstanceFactory>();
        if (builder.DashboardEnabled) services.AddDashboard(builder);
        services.AddSingleton<Orchestrator>();
        services.AddHostedService(provider => provider.GetRequiredService<Orchestrator>());
        services.RemoveAll<IHostLifetime>();
        services.AddSingleton<IHostLifetime, SignalLifetime>();
    }
}
