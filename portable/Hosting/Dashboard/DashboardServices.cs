using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Data;
using Portable.Hosting.Running;
using Portable.Hosting.Terminal;

namespace Portable.Hosting.Dashboard;

/// <summary>Registers the dashboard with an app host that wants one.</summary>
internal static class DashboardServices
{
    private const string AppHostSuffix = "AppHost";

    public static void AddDashboard(this IServiceCollection services, DistributedApplicationBuilder builder) =>
        services.AddSingleton<IDashboardLauncher>(provider =>
        {
            var screen = provider.GetRequiredService<Screen>();
            var ports = new DashboardPorts(provider.GetRequiredService<PortReservations>(), screen.Say);
            var folder = provider.GetRequiredService<HostFolder>();
            return new AspireDashboard(
                () => new DashboardSettings(
                    ApplicationName(builder),
                    DashboardInstallation.DefaultFolder,
                    Path.Combine(folder.Logs, "dashboard.log")),
                builder.Options.Testing ? ports.Free : ports.Usual,
                provider.GetRequiredService<ResourceNotificationService>(),
                provider.GetRequiredService<ResourceLoggerService>(),
                provider.GetRequiredService<ResourceCommandService>(),
                provider.GetRequiredService<ILoggerFactory>(),
                screen.Say);
        });

    /// <summary>The name given, or the app host's without its suffix: <c>Shop.AppHost</c> runs Shop.</summary>
    private static string ApplicationName(DistributedApplicationBuilder builder)
    {
        if (builder.Options.DashboardApplicationName is { } given) return given;
        var name = builder.AppHostAssembly?.GetName().Name ?? AppHostSuffix;
        return name.Length > AppHostSuffix.Length && name.EndsWith(AppHostSuffix, StringComparison.OrdinalIgnoreCase)
            ? name[..^AppHostSuffix.Length].TrimEnd('.')
            : name;
    }
}
