using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace QueryApi.Stores;

/// <summary>Degraded without Redis: the rest is served, and stock from PostgreSQL.</summary>
internal sealed class RedisCheck(RedisModels redis) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(redis.IsConnected
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded("Redis does not answer; stock comes from the product details."));
}
