using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Projections.Engine.Elasticsearch;

/// <summary>
/// Elasticsearch's REST API, as far as filling an index needs it. What the server refuses becomes an
/// <see cref="ElasticsearchException"/> with its own words.
/// </summary>
/// <param name="http">With the server's address and a timeout.</param>
internal sealed class ElasticsearchClient(HttpClient http)
{
    /// <param name="body">JSON; lines of JSON for a bulk request.</param>
    public async Task<JsonNode> Send(
        HttpMethod method, string path, string? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw Refused(request, response.StatusCode, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>Gets what the path names; null where there is no such thing.</summary>
    public async Task<JsonNode?> Find(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await Send(HttpMethod.Get, path, body: null, cancellationToken);
        }
        catch (ElasticsearchException exception) when (exception.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static ElasticsearchException Refused(HttpRequestMessage request, HttpStatusCode status, string text) =>
        new(status, $"Elasticsearch answered {(int)status} to {request.Method} {request.RequestUri}: {Reason(text)}");

    private static string Reason(string text)
    {
        try
        {
            return JsonNode.Parse(text)?["error"] is JsonObject error ? $"{error["type"]}: {error["reason"]}" : text;
        }
        // A proxy in between answers in whatever form it likes.
        catch (JsonException)
        {
            return text;
        }
    }
}

/// <summary>Elasticsearch answered that it will not, or not now.</summary>
internal sealed class ElasticsearchException(HttpStatusCode status, string message) : Exception(message)
{
    public HttpStatusCode Status { get; } = status;
}
