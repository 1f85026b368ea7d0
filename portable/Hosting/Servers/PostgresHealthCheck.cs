using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting.Servers;

/// <summary>Healthy when the server takes a connection and answers a query.</summary>
internal sealed class PostgresHealthCheck(PostgresServerResource server) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await Connect(server, cancellationToken);
            await using var command = new NpgsqlCommand("SELECT 1", connection);
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException failure)
        {
            return HealthCheckResult.Unhealthy(failure.Message, failure);
        }
    }

    /// <summary>A connection of its own, outside every pool, to the database <c>postgres</c>.</summary>
    public static async Task<NpgsqlConnection> Connect(
        PostgresServerResource server, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(
            await server.ConnectionStringExpression.GetValueAsync(cancellationToken))
        {
            Database = "postgres",
            Pooling = false,
            Timeout = 5,
        };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
