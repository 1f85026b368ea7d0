using Microsoft.Extensions.Diagnostics.HealthChecks;
using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting.Running;

/// <summary>Healthy when an endpoint answers a GET with the expected status.</summary>
internal sealed class HttpHealthCheck(Func<EndpointReference> endpoint, string path, int statusCode) : IHealthCheck
{
    /// <summary>
    /// A connection per question: with replicas each may reach another one, and none survives a restart.
    /// </summary>
    private static readonly HttpClient Client = new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.Zero,
        UseProxy = false,
    });

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken)
    {
        var url = new Uri(new Uri(endpoint().Url), path);
        try
        {
            using var response = await Client.GetAsync(url, cancellationToken);
            return (int)response.StatusCode == statusCode
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"{url} answered {(int)response.StatusCode}, expected {statusCode}");
        }
        catch (HttpRequestException failure)
        {
            return HealthCheckResult.Unhealthy($"{url}: {failure.Message}", failure);
        }
    }
}
