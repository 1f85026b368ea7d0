using System.Globalization;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Processes;
using Portable.Hosting.Running;

namespace Portable.Hosting.Servers;

/// <summary>Runs a private Elasticsearch node without security.</summary>
internal sealed class ElasticsearchLauncher(ElasticsearchResource server, ElasticsearchInstallation installation)
    : IResourceLauncher
{
    /// <summary>Elasticsearch refuses to run as root; its package brings this account.</summary>
    private const string PackageAccount = "elasticsearch";

    public Requirement? Requirement { get; } = installation.NeedsJava
        ? new("Java 17", "openjdk-17-jre-headless", () => Programs.Find("java"))
        : null;

    public async Task<IRunningProcess> Launch(Launch launch, CancellationToken cancellationToken)
    {
        var guardFile = Path.Combine(launch.DataFolder, "guard.pid");
        await Leftovers.Wait(guardFile, cancellationToken);
        var specification = installation.Command is { } command
            ? new ProcessSpecification(command, [launch.DataFolder, Port()], launch.DataFolder)
            : await Package(installation.Home!, launch.DataFolder, cancellationToken);
        return await GuardedProcess.Start(
            specification with { GuardFile = guardFile }, launch.Write, cancellationToken);
    }

    private string Port() => server.PrimaryEndpoint.Port.ToString(CultureInfo.InvariantCulture);

    private async Task<ProcessSpecification> Package(string home, string folder, CancellationToken cancellationToken)
    {
        var settings = Directory.CreateDirectory(Path.Combine(folder, "config")).FullName;
        var account = Environment.UserName == "root" ? PackageAccount : null;
        foreach (var name in new[] { "jvm.options", "log4j2.properties" })
        {
            var original = new[] { Path.Combine(home, "config", name), Path.Combine("/etc/elasticsearch", name) }
                .FirstOrDefault(File.Exists);
            if (original is not null) File.Copy(original, Path.Combine(settings, name), overwrite: true);
        }
        await File.WriteAllTextAsync(
            Path.Combine(settings, "elasticsearch.yml"),
            $"""
            path.data: {Path.Combine(folder, "data")}
            path.logs: {Path.Combine(folder, "logs")}
            network.host: 127.0.0.1
            http.port: {Port()}
            discovery.type: single-node
            xpack.security.enabled: false

            """,
            cancellationToken);
        if (account is not null)
        {
            var (code, output) = await Command.Run("chown", ["-R", $"{account}:", folder], null, cancellationToken);
            if (code != 0)
                throw new DistributedApplicationException(
                    $"Elasticsearch can't run as root, and there is no account '{account}' to run it as: {output}");
        }
        return new ProcessSpecification(Path.Combine(home, "bin", "elasticsearch"), [], folder)
        {
            User = account,
            Environment = new Dictionary<string, string?>
            {
                ["ES_PATH_CONF"] = settings,
                ["ES_JAVA_OPTS"] = "-Xms512m -Xmx512m",
            },
        };
    }
}
