using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting.Servers;

/// <summary>
/// Healthy when the broker takes connections, which it does once it has booted, and, with the plugin, its management
/// API answers. A conversation would be logged by the broker as one that broke off.
/// </summary>
internal sealed class RabbitMQHealthCheck(RabbitMQServerResource server) : IHealthCheck
{
    private static readonly HttpClient Client = new();

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(server.PrimaryEndpoint.Host, server.PrimaryEndpoint.Port, cancellationToken);
            return server.ManagementEndpoint.Exists ? await Management(cancellationToken) : HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is SocketException or HttpRequestException)
        {
            return HealthCheckResult.Unhealthy(failure.Message, failure);
        }
    }

    private async Task<HealthCheckResult> Management(CancellationToken cancellationToken)
    {
        var user = await server.UserNameReference.GetValueAsync(cancellationToken);
        var password = await server.PasswordParameter.GetValueAsync(cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{server.ManagementEndpoint.Url}/api/whoami");
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        using var response = await Client.SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"The management API answered {(int)response.StatusCode}.");
    }
}
