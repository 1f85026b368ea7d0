namespace Servers;

public sealed partial class TestServer
{
    /// <summary>The host restarts what was killed, as after any crash.</summary>
    private Task KillProcesses(CancellationToken cancellationToken) => Execute("kill", cancellationToken);
}
