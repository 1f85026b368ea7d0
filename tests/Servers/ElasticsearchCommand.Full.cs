namespace Servers;

internal static partial class ElasticsearchCommand
{
    /// <summary>Elasticsearch comes as a container, as everything else.</summary>
    public static bool IsAvailable => true;
}
