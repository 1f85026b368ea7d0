using System.Diagnostics;

namespace Servers;

public sealed partial class TestServer
{
    /// <summary>Kills the container with the engine's own command and starts it again.</summary>
    private async Task KillProcesses(CancellationToken cancellationToken)
    {
        var running = await application.ResourceNotifications.WaitForResourceAsync(
            name, update => update.Snapshot.State?.Text == KnownResourceStates.Running, cancellationToken);
        var container = running.Snapshot.Properties.First(property => property.Name == "container.id").Value;
        var engine = Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME") ?? "docker";
        using var kill = Process.Start(engine, ["kill", $"{container}"]);
        await kill.WaitForExitAsync(cancellationToken);
        if (kill.ExitCode != 0)
            throw new InvalidOperationException($"{engine} kill {container} ended with exit code {kill.ExitCode}.");
        await application.ResourceNotifications.WaitForResourceAsync(
            name, KnownResourceStates.TerminalStates, cancellationToken);
        await Execute(KnownResourceCommands.StartCommand, cancellationToken);
    }
}
