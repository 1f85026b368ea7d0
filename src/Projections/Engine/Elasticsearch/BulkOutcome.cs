using System.Net;
using System.Text.Json.Nodes;

namespace Projections.Engine.Elasticsearch;

/// <summary>A bulk request answers 200 whatever became of its items: each has a status of its own.</summary>
internal static class BulkOutcome
{
    /// <summary>Passes what was saved or was there already, in this version or a later one.</summary>
    /// <exception cref="StoreRefusedException">A document does not fit the mapping.</exception>
    /// <exception cref="ModelLostException">The index is gone.</exception>
    /// <exception cref="ElasticsearchException">Not now: too busy, shards away.</exception>
    public static void Check(JsonNode answer, string index)
    {
        foreach (var item in answer["items"]!.AsArray())
        {
            var outcome = item!.AsObject().Single().Value!;
            var status = (HttpStatusCode)(int)outcome["status"]!;
            var error = outcome["error"];
            if (error is null || status == HttpStatusCode.Conflict)
                continue;
            var words = $"{index}/{outcome["_id"]}: {error["type"]}: {error["reason"]} {error["caused_by"]?["reason"]}";
            throw status switch
            {
                HttpStatusCode.BadRequest => new StoreRefusedException($"Elasticsearch refused the document {words}"),
                HttpStatusCode.NotFound => new ModelLostException($"The index is gone: {words}"),
                _ => new ElasticsearchException(status, words),
            };
        }
    }
}
