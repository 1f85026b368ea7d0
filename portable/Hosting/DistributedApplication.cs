using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Running;
using Portable.Hosting.Terminal;

namespace Portable.Hosting;

/// <summary>An application of servers and projects that runs on this machine.</summary>
public class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly IHost host;
    private readonly Assembly? appHost;
    private readonly HostCommandLine commandLine;
    private readonly Testing.EntryPointRun? entryPoint;
    private bool disposed;

    internal DistributedApplication(
        IHost host, Assembly? appHost, HostCommandLine commandLine, Testing.EntryPointRun? entryPoint)
    {
        this.host = host;
        this.appHost = appHost;
        this.commandLine = commandLine;
        this.entryPoint = entryPoint;
    }

    public IServiceProvider Services => host.Services;

    public ResourceNotificationService ResourceNotifications =>
        Services.GetRequiredService<ResourceNotificationService>();

    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    /// <param name="args">Command line: the host's own options (<c>--help</c>) and settings.</param>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) =>
        CreateBuilder(new DistributedApplicationOptions { Args = args });

    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options)
    {
        Testing.EntryPointRun.Current?.Configure(options);
        return new DistributedApplicationBuilder(options);
    }

    /// <summary>Runs the application until Ctrl+C or SIGTERM.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>
    /// Starts the application, shows on the console what happens, waits for Ctrl+C, SIGTERM or cancellation, and stops
    /// everything in reverse order. If it cannot start, one line says why and the process's exit code becomes 1.
    /// </summary>
    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (entryPoint is not null)
        {
            await entryPoint.Disposed.WaitAsync(cancellationToken);
            return;
        }
        if (commandLine.Help)
        {
            Console.Out.WriteLine(HostCommandLine.Usage(appHost));
            return;
        }
        await using (this)
        {
            var screen = Services.GetRequiredService<Screen>();
            screen.Open();
            try
            {
                await StartAsync(cancellationToken);
                await host.WaitForShutdownAsync(cancellationToken);
            }
            catch (DistributedApplicationException failure)
            {
                screen.Fail(failure.Message);
                await StopAsync(CancellationToken.None);
            }
            if (Services.GetRequiredService<Orchestrator>().StartFailed) Environment.ExitCode = 1;
        }
    }

    /// <summary>
    /// Starts everything and returns; wait for what you need with <see cref="ResourceNotifications"/>.
    /// </summary>
    /// <exception cref="DistributedApplicationException">The application cannot start on this machine.</exception>
    public virtual Task StartAsync(CancellationToken cancellationToken = default) => host.StartAsync(cancellationToken);

    /// <summary>Stops everything in reverse order.</summary>
    public virtual Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);

    /// <inheritdoc />
    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        if (disposed) return;
        disposed = true;
        await Services.GetRequiredService<Orchestrator>().StopAsync(CancellationToken.None);
        entryPoint?.ApplicationIsDisposed();
        if (host is IAsyncDisposable asyncDisposable) await asyncDisposable.DisposeAsync();
        else host.Dispose();
        GC.SuppressFinalize(this);
    }
}
