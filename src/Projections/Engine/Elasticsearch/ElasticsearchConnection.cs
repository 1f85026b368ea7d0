using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Projections.Engine.Elasticsearch;

/// <summary>Opens connections to an Elasticsearch server.</summary>
internal static class ElasticsearchConnection
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(15);

    /// <param name="address"><c>http://host:port</c>, with <c>user:password@</c> where the server wants it.</param>
    public static ElasticsearchClient Open(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new InvalidOperationException(
                "The connection string 'elasticsearch' is no address: give http://host:port.");
        }

        var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(3),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        {
            BaseAddress = new Uri(uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) + "/"),
            Timeout = RequestTimeout,
        };
        if (uri.UserInfo.Length > 0)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(uri.UserInfo))));
        }

        return new ElasticsearchClient(http);
    }
}

/// <summary>Ready when Elasticsearch answers and has its shards.</summary>
internal sealed class ElasticsearchCheck(ElasticsearchClient elasticsearch) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var health = await elasticsearch.Send(HttpMethod.Get, "_cluster/health", body: null, cancellationToken);
            return (string?)health["status"] is "red"
                ? HealthCheckResult.Unhealthy("Elasticsearch is red: shards are away.")
                : HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (
            exception is HttpRequestException or ElasticsearchException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return HealthCheckResult.Unhealthy($"Elasticsearch does not answer: {exception.Message}");
        }
    }
}
