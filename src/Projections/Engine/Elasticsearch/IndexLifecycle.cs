using System.Net;
using System.Text.Json.Nodes;

namespace Projections.Engine.Elasticsearch;

/// <summary>Makes indexes by a projection's mapping, and points the readers' alias at one.</summary>
internal sealed class IndexLifecycle(ElasticsearchClient elasticsearch, string alias, string definition)
{
    public string Definition { get; } = definition;

    /// <summary>
    /// The name to write by, with <c>require_alias</c>: a write to the index itself would make it anew, without its
    /// mapping, where someone has deleted it.
    /// </summary>
    public static string WriteAlias(string index) => $"{index}.write";

    /// <summary>Makes the index where it is missing.</summary>
    /// <returns>Whether it was missing.</returns>
    public async Task<bool> Ensure(string index, CancellationToken cancellationToken)
    {
        if (await elasticsearch.Find(index, cancellationToken) is not null)
            return false;
        var body = JsonNode.Parse(Definition)!.AsObject();
        body["aliases"] = new JsonObject { [WriteAlias(index)] = new JsonObject() };
        await elasticsearch.Send(HttpMethod.Put, index, body.ToJsonString(), cancellationToken);
        return true;
    }

    /// <summary>
    /// Moves the readers' alias in one step: a search finds the old index or the new one, never none.
    /// </summary>
    public Task PointAlias(string index, CancellationToken cancellationToken)
    {
        var remove = new JsonObject
        {
            ["remove"] = new JsonObject { ["index"] = "*", ["alias"] = alias, ["must_exist"] = false },
        };
        var add = new JsonObject { ["add"] = new JsonObject { ["index"] = index, ["alias"] = alias } };
        return elasticsearch.Send(
            HttpMethod.Post, "_aliases", new JsonObject { ["actions"] = new JsonArray(remove, add) }.ToJsonString(),
            cancellationToken);
    }

    /// <summary>Deletes the index, where it is there.</summary>
    public async Task Remove(string index, CancellationToken cancellationToken)
    {
        if (await elasticsearch.Find(index, cancellationToken) is not null)
            await elasticsearch.Send(HttpMethod.Delete, index, body: null, cancellationToken);
    }

    /// <summary>Makes everything written so far visible to searches.</summary>
    /// <exception cref="ModelLostException">The index is gone.</exception>
    public async Task Refresh(string index, CancellationToken cancellationToken)
    {
        try
        {
            await elasticsearch.Send(HttpMethod.Post, $"{index}/_refresh", body: null, cancellationToken);
        }
        catch (ElasticsearchException exception) when (exception.Status == HttpStatusCode.NotFound)
        {
            throw new ModelLostException($"The index is gone: {exception.Message}");
        }
    }
}
