using Microsoft.Extensions.Configuration;

namespace Portable.Hosting.Servers;

/// <summary>An Elasticsearch on this machine.</summary>
/// <param name="Command">Program called with FOLDER and PORT; null for Elastic's own package.</param>
/// <param name="Home">Folder of Elastic's own package; null for a command.</param>
internal sealed record ElasticsearchInstallation(string? Command, string? Home)
{
    private const string PackageHome = "/usr/share/elasticsearch";

    /// <summary>Elastic's package brings a Java of its own; a command needs one on PATH.</summary>
    public bool NeedsJava => Command is not null || !Directory.Exists(Path.Combine(Home ?? "", "jdk"));

    /// <exception cref="DistributedApplicationException">A configured path does not exist.</exception>
    public static ElasticsearchInstallation? Find(IConfiguration configuration)
    {
        if (configuration["ELASTICSEARCH_COMMAND"] is { Length: > 0 } command)
            return File.Exists(command) ? new(Path.GetFullPath(command), null) : throw Missing("ELASTICSEARCH_COMMAND", command);
        if (configuration["ELASTICSEARCH_HOME"] is { Length: > 0 } home)
            return HasProgram(home) ? new(null, home) : throw Missing("ELASTICSEARCH_HOME", home);
        return HasProgram(PackageHome) ? new(null, PackageHome) : null;
    }

    private static bool HasProgram(string home) => File.Exists(Path.Combine(home, "bin", "elasticsearch"));

    private static DistributedApplicationException Missing(string variable, string value) => new(
        $"{variable} is '{value}', and there is no Elasticsearch there. Correct it or unset it: search then runs on " +
        "PostgreSQL full text.");
}
