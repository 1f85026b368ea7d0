using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Processes;
using Portable.Hosting.Running;

namespace Portable.Hosting.Servers;

/// <summary>Runs a private Redis server. Its data survives kill -9 but for the last second.</summary>
internal sealed class RedisLauncher(RedisResource server) : IResourceLauncher
{
    private const string Program = "redis-server";

    public Requirement Requirement { get; } = new("Redis", "redis-server", () => Programs.Find(Program));

    public async Task<IRunningProcess> Launch(Launch launch, CancellationToken cancellationToken)
    {
        var guardFile = Path.Combine(launch.DataFolder, "guard.pid");
        await Leftovers.Wait(guardFile, cancellationToken);
        var password = server.PasswordParameter is { } parameter ? await parameter.GetValueAsync(cancellationToken) : null;
        var settings = await PrivateFile.Write(
            Path.Combine(launch.DataFolder, "redis.conf"),
            $"""
            bind 127.0.0.1
            port {server.PrimaryEndpoint.Port}
            dir "{launch.DataFolder}"
            appendonly yes
            appendfsync everysec
            save ""
            daemonize no
            loglevel notice
            {(password is null ? "" : $"requirepass \"{password.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"")}

            """,
            cancellationToken);
        return await GuardedProcess.Start(
            new ProcessSpecification(Programs.Find(Program) ?? Program, [settings], launch.DataFolder)
            {
                GuardFile = guardFile,
            },
            launch.Write,
            cancellationToken);
    }
}
