using Microsoft.Extensions.Logging;
using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting.Dashboard;

/// <summary>How the dashboard is run.</summary>
/// <param name="ApplicationName">The name it shows.</param>
/// <param name="InstallationFolder">Where dashboards are installed.</param>
/// <param name="LogFile">Where its own output goes.</param>
internal sealed record DashboardSettings(string ApplicationName, string InstallationFolder, string LogFile);

/// <summary>
/// The Aspire dashboard beside an app host: the resource service that it reads, and the process itself, found or
/// installed, started and kept running. The system runs without it; nothing here fails the app host.
/// </summary>
internal sealed class AspireDashboard(
    Func<DashboardSettings> settings,
    Func<DashboardAddresses> pickAddresses,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    ResourceCommandService commands,
    ILoggerFactory logging,
    Action<string> say) : IDashboardLauncher
{
    private readonly CancellationTokenSource stopping = new();
    private readonly AspireDashboardResource resource = new();
    private ResourceServiceHost? service;
    private Task running = Task.CompletedTask;

    /// <summary>What keeps the dashboard running; null until it is installed.</summary>
    public DashboardProcess? Process { get; private set; }

    /// <summary>Whether a dashboard is reading the resources now.</summary>
    public bool IsConnected => service is { Watchers: > 0 };

    /// <summary>
    /// Fixes the addresses and starts everything else in the background: this takes milliseconds, an installation may
    /// take a minute. Returns null, having said why, where it is clear at once that there will be no dashboard.
    /// </summary>
    public async Task<DashboardConnection?> Start(CancellationToken cancellationToken)
    {
        var current = settings();
        var installation = new DashboardInstallation(current.InstallationFolder, say);
        try
        {
            installation.Check();
            var addresses = pickAddresses();
            service = new ResourceServiceHost(current.ApplicationName, notifications, loggers, commands, logging);
            var resources = await service.Start(cancellationToken);
            await resource.Announce(notifications, addresses);
            running = Task.Run(() => Run(installation, addresses, resources, current.LogFile), CancellationToken.None);
            return new DashboardConnection(
                DashboardAddresses.Text(addresses.Page), DashboardAddresses.Text(addresses.OtlpGrpc));
        }
        catch (Exception failure) when (failure is DistributedApplicationException or IOException)
        {
            await GoWithout(failure.Message);
            return null;
        }
    }

    /// <summary>Ends the process and the service: at once, whoever is looking at the dashboard.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        if (Interlocked.Exchange(ref service, null) is { } started) await started.DisposeAsync();
    }

    private async Task Run(
        DashboardInstallation installation, DashboardAddresses addresses, Uri resources, string logFile)
    {
        try
        {
            var executable = await installation.Provide(stopping.Token);
            var program = DashboardProgram.Describe(executable, addresses, resources);
            Process = new DashboardProcess(
                program, addresses.Page, logFile, () => resource.Answers(notifications), say);
            await Process.Run(stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped while it was being installed.
        }
        catch (DistributedApplicationException failure)
        {
            await GoWithout(failure.Message);
        }
        catch (Exception failure)
        {
            logging.CreateLogger<AspireDashboard>().LogError(failure, "The dashboard's supervision failed.");
            await GoWithout(failure.Message);
        }
    }

    private Task GoWithout(string reason)
    {
        say($"running without the dashboard: {reason}");
        return resource.Fails(notifications, reason);
    }
}
