using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ServiceDefaults.Health;

/// <summary>
/// Whether the broker takes connections. RabbitMQ listens only once it can serve, and a connection closed without a
/// word is none that it logs.
/// </summary>
internal sealed class BrokerCheck(Uri broker) : IHealthCheck
{
    private const int DefaultPort = 5672;

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(broker.Host, broker.Port > 0 ? broker.Port : DefaultPort, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (SocketException exception)
        {
            return HealthCheckResult.Unhealthy($"RabbitMQ does not answer: {exception.Message}");
        }
    }
}
