using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting.Servers;

/// <summary>Healthy when the server answers PING: it has read its data.</summary>
internal sealed class RedisHealthCheck(RedisResource server) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(server.PrimaryEndpoint.Host, server.PrimaryEndpoint.Port, cancellationToken);
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII);
            if (server.PasswordParameter is { } parameter)
            {
                var password = await parameter.GetValueAsync(cancellationToken) ?? "";
                var length = Encoding.UTF8.GetByteCount(password);
                await Send(stream, $"*2\r\n$4\r\nAUTH\r\n${length}\r\n{password}\r\n", cancellationToken);
                var accepted = await reader.ReadLineAsync(cancellationToken);
                if (accepted != "+OK") return HealthCheckResult.Unhealthy($"Redis refused the password: {accepted}");
            }
            await Send(stream, "*1\r\n$4\r\nPING\r\n", cancellationToken);
            var answer = await reader.ReadLineAsync(cancellationToken);
            return answer == "+PONG"
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"Redis answered to PING: {answer}");
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return HealthCheckResult.Unhealthy(failure.Message, failure);
        }
    }

    private static ValueTask Send(NetworkStream stream, string command, CancellationToken cancellationToken) =>
        stream.WriteAsync(Encoding.UTF8.GetBytes(command), cancellationToken);
}
