namespace Servers;

internal static partial class ElasticsearchCommand
{
    /// <summary>Whether there is a command or an installation of Elastic's own package.</summary>
    public static bool IsAvailable => Path is not null
        || Environment.GetEnvironmentVariable("ELASTICSEARCH_HOME") is { Length: > 0 }
        || File.Exists("/usr/share/elasticsearch/bin/elasticsearch");
}
