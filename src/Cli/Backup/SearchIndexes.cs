namespace Cli.Backup;

/// <summary>Models in Elasticsearch. Other indexes are not touched.</summary>
internal sealed class SearchIndexes : ISurrounding
{
    /// <summary>The projections write by an alias of each index's own name, with this behind it.</summary>
    private const string WriteAlias = ".write";

    private readonly HttpServer server;

    private SearchIndexes(HttpServer server) => this.server = server;

    public string Name => "elasticsearch";

    public static async Task<SearchIndexes> Open(string address, CancellationToken cancellationToken)
    {
        var server = new HttpServer("Elasticsearch", HttpServer.Address("--elasticsearch", address), login: null);
        var indexes = new SearchIndexes(server);
        try
        {
            await indexes.Find(cancellationToken);
            return indexes;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public async Task<string> Empty(CancellationToken cancellationToken)
    {
        var found = await Find(cancellationToken);
        foreach (var index in found)
            await server.Delete(Uri.EscapeDataString(index), cancellationToken);
        return $"{found.Count} indexes deleted";
    }

    public ValueTask DisposeAsync()
    {
        server.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<IReadOnlyList<string>> Find(CancellationToken cancellationToken)
    {
        var aliases = await server.Get("_alias", cancellationToken);
        return
        [
            .. aliases.EnumerateObject()
                .Where(index => index.Value.GetProperty("aliases").TryGetProperty(index.Name + WriteAlias, out _))
                .Select(index => index.Name),
        ];
    }
}
