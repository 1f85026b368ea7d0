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

    /// <exception cref="ServiceUnavailableException">
    /// Elasticsearch is away, starting, or has no such index yet.
    /// </exception>
    /// <exception cref="InvalidOperationException">It refuses the query.</exception>
    public async Task<JsonElement> Search(string alias, JsonObject query, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new StringContent(query.ToJsonString(), Encoding.UTF8, "application/json");
            using var response = await http.PostAsync($"{alias}/_search", content, cancellationToken);
            if (response.StatusCode is HttpStatusCode.NotFound)
                throw new ServiceUnavailableException("The search index is not there yet: its projection makes it.");
            if (response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError)
                throw new ServiceUnavailableException($"Elasticsearch cannot search now ({(int)response.StatusCode}).");
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            using var answer = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
            return response.IsSuccessStatusCode
                ? answer.RootElement.Clone()
                : throw new InvalidOperationException(
                    $"Elasticsearch refuses the query ({(int)response.StatusCode}): {answer.RootElement.GetRawText()}");
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
