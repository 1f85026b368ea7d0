using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace Portable.Hosting.Running;

/// <summary>
/// Stops the application on Ctrl+C, SIGTERM and the loss of the terminal. A second Ctrl+C, a moment after the first,
/// ends the process at once; the guards then end what is left. Signals that come doubled, as from whoever signals both
/// this process and its group, count once.
/// </summary>
internal sealed class SignalLifetime(IHostApplicationLifetime application) : IHostLifetime, IDisposable
{
    private static readonly TimeSpan Doubled = TimeSpan.FromSeconds(1);

    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly Stopwatch sinceFirst = new();

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
        var impatient = context.Signal == PosixSignal.SIGINT && sinceFirst.Elapsed > Doubled;
        context.Cancel = !impatient;
        sinceFirst.Start();
        application.StopApplication();
    }
}
