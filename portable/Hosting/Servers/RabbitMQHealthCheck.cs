using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting.Servers;

/// <summary>Healthy when the broker opens an AMQP 0-9-1 conversation and, with the plugin, its management API answers.</summary>
internal sealed class RabbitMQHealthCheck(RabbitMQServerResource server) : IHealthCheck
{
    private static readonly byte[] ProtocolHeader = [.. "AMQP"u8, 0, 0, 9, 1];
    private static readonly HttpClient Client = new();

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(server.PrimaryEndpoint.Host, server.PrimaryEndpoint.Port, cancellationToken);
            await using var stream = connection.GetStream();
            await stream.WriteAsync(ProtocolHeader, cancellationToken);
            // The answer is a method frame (type 1) with connection.start; on any other protocol it is a header ("A").
            var answer = new byte[1];
            await stream.ReadExactlyAsync(answer, cancellationToken);
            if (answer[0] != 1) return HealthCheckResult.Unhealthy("The broker does not speak AMQP 0-9-1.");
            return server.ManagementEndpoint.Exists ? await Management(cancellationToken) : HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is SocketException or IOException or HttpRequestException)
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
