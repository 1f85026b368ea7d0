namespace Servers;

/// <summary>
/// Finds the command that runs an Elasticsearch node: the one that ELASTICSEARCH_COMMAND names, else
/// <c>shared/elasticsearch/elasticsearch</c> beside the repository's folder.
/// </summary>
internal static partial class ElasticsearchCommand
{
    private const string Solution = "AspireCqrs.sln";

    /// <summary>Path of the command; null when there is none.</summary>
    public static string? Path { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("ELASTICSEARCH_COMMAND") is { Length: > 0 } named) return named;
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, Solution))) folder = folder.Parent;
        if (folder?.Parent is not { } beside) return null;
        var command = System.IO.Path.Combine(beside.FullName, "shared", "elasticsearch", "elasticsearch");
        return File.Exists(command) ? command : null;
    }
}
