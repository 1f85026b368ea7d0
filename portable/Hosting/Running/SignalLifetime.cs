using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace Portable.Hosting.Running;

/// <summary>
/// Stops the application on Ctrl+C, SIGTERM and the loss of the terminal. A second Ctrl+C while it stops ends the process
/// at once; the guards then end what is left.
/// </summary>
internal sealed class SignalLifetime(IHostApplicationLifetime application) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> registrations = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT })
            registrations.Add(PosixSignalRegistration.Create(signal, Stop));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        if (application.ApplicationStopping.IsCancellationRequested) return;
        context.Cancel = true;
        application.StopApplication();
    }
}
