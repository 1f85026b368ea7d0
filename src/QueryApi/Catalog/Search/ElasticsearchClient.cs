using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceDefaults.Http;

namespace QueryApi.Catalog.Search;

/// <summary>Searches an alias of Elasticsearch over its REST API.</summary>
internal sealed class ElasticsearchClient(HttpClient http)
{
    public const string Name = "elasticsearch";

    /// <summary>What is read of an answer: the rest is neither written there nor parsed here.</summary>
    private const string Wanted =
        "hits.total.value,hits.hits._source,hits.hits.sort,aggregations.*.values.buckets.key,"
        + "aggregations.*.values.buckets.doc_count,error";

    /// <param name="address">Such as <c>http://user:password@host:9200</c>.</param>
    public static void Configure(HttpClient http, Uri address, TimeSpan timeout)
    {
        http.BaseAddress = new UriBuilder(address) { UserName = "", Password = "" }.Uri;
        http.Timeout = timeout;
        if (address.UserInfo.Length > 0)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))));
        }
    }

    /// <returns>Hits, their total and the facets; nothing else of the answer. The caller's to dispose.</returns>
    /// <exception cref="ServiceUnavailableException">
    /// Elasticsearch is away, starting, or has no such index yet.
    /// </exception>
    /// <exception cref="InvalidOperationException">It refuses the query.</exception>
    public async Task<JsonDocument> Search(string alias, JsonObject query, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new StringContent(query.ToJsonString(), Encoding.UTF8, "application/json");
            using var response = await http.PostAsync($"{alias}/_search?filter_path={Wanted}", content, cancellationToken);
            if (response.StatusCode is HttpStatusCode.NotFound)
                throw new ServiceUnavailableException("The search index is not there yet: its projection makes it.");
            if (response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError)
                throw new ServiceUnavailableException($"Elasticsearch cannot search now ({(int)response.StatusCode}).");
            if (!response.IsSuccessStatusCode)
            {
                throw new InvalidOperationException(
                    $"Elasticsearch refuses the query ({(int)response.StatusCode}): "
                    + await response.Content.ReadAsStringAsync(cancellationToken));
            }

            // The answer is in memory already: nothing is copied to parse it.
            return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException)
        {
            throw new ServiceUnavailableException("Search is away: Elasticsearch does not answer.", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ServiceUnavailableException(
                $"Search is away: Elasticsearch did not answer within {http.Timeout.TotalSeconds:0} s.", exception);
        }
    }
}
