using System.Globalization;
using System.Net.Sockets;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Processes;
using Portable.Hosting.Running;

namespace Portable.Hosting.Servers;

/// <summary>
/// Runs a private RabbitMQ node. Erlang nodes find each other through epmd, by default one per machine that outlives
/// its nodes; each broker here gets an epmd of its own, under the same guard as everything else. So brokers of several
/// app hosts may have the same node name, which their data is bound to.
/// </summary>
internal sealed class RabbitMQLauncher(RabbitMQServerResource server, PortReservations ports) : IResourceLauncher
{
    private const string Program = "rabbitmq-server";

    private static readonly int Schedulers = Math.Max(1, System.Environment.ProcessorCount / 2);

    /// <summary>
    /// One machine runs everything: the broker's schedulers are for half of the processors, as handing work from one to
    /// the other at each step costs more than it gains, and they do not spin while they wait. A dead-lettered message
    /// (each delayed one is) whose queue was not up yet, as after a restart, is passed on again after ten seconds, not
    /// three minutes.
    /// </summary>
    private static readonly string ErlangArguments =
        $"-kernel inet_dist_use_interface {{127,0,0,1}} +S {Schedulers} +SDcpu {Schedulers} "
        + "+sbwt none +sbwtdcpu none +sbwtdio none -rabbit dead_letter_worker_publisher_confirm_timeout 10000";

    private readonly Lazy<int> epmdPort = new(ports.Reserve);
    private readonly Lazy<int> distributionPort = new(ports.Reserve);

    public Requirement Requirement { get; } = new("RabbitMQ", "rabbitmq-server", FindProgram);

    public async Task<IRunningProcess> Launch(Launch launch, CancellationToken cancellationToken)
    {
        var (broker, epmd) = (Path.Combine(launch.DataFolder, "guard.pid"), Path.Combine(launch.DataFolder, "epmd.pid"));
        await Leftovers.Wait(broker, cancellationToken);
        await Leftovers.Wait(epmd, cancellationToken);
        var environment = await Environment(launch.DataFolder, cancellationToken);
        var portMapper = await StartPortMapper(launch, environment, epmd, cancellationToken);
        try
        {
            var node = await GuardedProcess.Start(
                new ProcessSpecification(FindProgram() ?? Program, [], launch.DataFolder)
                {
                    Environment = environment,
                    StopGrace = TimeSpan.FromSeconds(40),
                    GuardFile = broker,
                },
                launch.Write,
                cancellationToken);
            return new RabbitMQProcess(node, portMapper);
        }
        catch
        {
            await portMapper.Stop();
            throw;
        }
    }

    /// <summary>Debian's wrapper on PATH changes to a system account; the program behind it runs as anyone.</summary>
    private static string? FindProgram()
    {
        const string root = "/usr/lib/rabbitmq/lib";
        return (Directory.Exists(root) ? Directory.GetDirectories(root, "rabbitmq_server-*") : [])
            .Order(StringComparer.Ordinal)
            .Select(folder => Path.Combine(folder, "sbin", Program))
            .LastOrDefault(File.Exists) ?? Programs.Find(Program);
    }

    private async Task<GuardedProcess> StartPortMapper(
        Launch launch,
        IReadOnlyDictionary<string, string?> environment,
        string guardFile,
        CancellationToken cancellationToken)
    {
        var port = epmdPort.Value.ToString(CultureInfo.InvariantCulture);
        var epmd = await GuardedProcess.Start(
            new ProcessSpecification(
                Programs.Find("epmd") ?? "epmd", ["-port", port, "-address", "127.0.0.1"], launch.DataFolder)
            {
                Environment = environment,
                StopGrace = TimeSpan.FromSeconds(5),
                GuardFile = guardFile,
            },
            launch.Write,
            cancellationToken);
        while (!epmd.Exited.IsCompleted)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync("127.0.0.1", epmdPort.Value, cancellationToken);
                return epmd;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
            }
        }
        throw new DistributedApplicationException(
            $"Erlang's port mapper (epmd) ended with code {await epmd.Exited} on port {port}; see the log of '{launch.Id}'.");
    }

    private async Task<Dictionary<string, string?>> Environment(string folder, CancellationToken cancellationToken)
    {
        var home = Directory.CreateDirectory(Path.Combine(folder, "home")).FullName;
        var plugins = Path.Combine(folder, "enabled_plugins");
        await File.WriteAllTextAsync(
            plugins, server.ManagementEndpoint.Exists ? "[rabbitmq_management].\n" : "[].\n", cancellationToken);
        var settings = await PrivateFile.Write(
            Path.Combine(folder, "rabbitmq.conf"), await Settings(cancellationToken), cancellationToken);
        return new Dictionary<string, string?>
        {
            ["HOME"] = home, // holds the Erlang cookie
            ["ERL_EPMD_PORT"] = epmdPort.Value.ToString(CultureInfo.InvariantCulture),
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODENAME"] = "rabbit@localhost",
            ["RABBITMQ_DIST_PORT"] = distributionPort.Value.ToString(CultureInfo.InvariantCulture),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = ErlangArguments,
            ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(folder, "rabbitmq-env.conf"),
            ["RABBITMQ_CONFIG_FILE"] = settings,
            ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(folder, "advanced.config"),
            ["RABBITMQ_CONFIG_FILES"] = null,
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = plugins,
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
            ["RABBITMQ_GENERATED_CONFIG_DIR"] = Path.Combine(folder, "config"),
            ["RABBITMQ_PID_FILE"] = Path.Combine(folder, "rabbitmq.pid"),
            ["RABBITMQ_LOGS"] = "-",
            // The script then replaces itself with Erlang, which ends in good order on SIGTERM.
            ["RUNNING_UNDER_SYSTEMD"] = "true",
            ["ERL_CRASH_DUMP_SECONDS"] = "0",
        };
    }

    private async Task<string> Settings(CancellationToken cancellationToken)
    {
        var management = server.ManagementEndpoint.Exists
            ? $"""
                management.tcp.ip = 127.0.0.1
                management.tcp.port = {server.ManagementEndpoint.Port}
                """
            : "";
        return $"""
            listeners.tcp.1 = 127.0.0.1:{server.PrimaryEndpoint.Port}
            default_user = {await server.UserNameReference.GetValueAsync(cancellationToken)}
            default_pass = {await server.PasswordParameter.GetValueAsync(cancellationToken)}
            default_user_tags.administrator = true
            disk_free_limit.absolute = 200MB
            log.console = true
            log.console.level = warning
            log.file = false
            {management}

            """;
    }
}
