using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Projections.Engine.Redis;

/// <summary>Opens a connection that comes back by itself.</summary>
internal static class RedisConnection
{
    /// <param name="connectionString">
    /// StackExchange.Redis's own format, such as <c>localhost:6379,password=…</c>.
    /// </param>
    public static ConnectionMultiplexer Open(string connectionString)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = 3000;
        return ConnectionMultiplexer.Connect(options);
    }
}

/// <summary>Ready when Redis answers.</summary>
internal sealed class RedisCheck(IConnectionMultiplexer redis) : IHealthCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await redis.GetDatabase().PingAsync().WaitAsync(Timeout, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy($"Redis does not answer: {exception.Message}");
        }
    }
}
