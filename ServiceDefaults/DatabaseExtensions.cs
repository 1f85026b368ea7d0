using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ServiceDefaults;

/// <summary>PostgreSQL databases by the name of their connection string.</summary>
public static class DatabaseExtensions
{
    /// <summary>
    /// Adds a pooled <see cref="NpgsqlDataSource"/> keyed by <paramref name="name"/>, from
    /// <c>ConnectionStrings:{name}</c>, and a readiness check of the same name.
    /// </summary>
    /// <param name="configure">Adjusts the connection string, such as the role or the timeouts.</param>
    /// <exception cref="InvalidOperationException">The connection string is missing.</exception>
    public static TBuilder AddDatabase<TBuilder>(
        this TBuilder builder, string name, Action<NpgsqlConnectionStringBuilder>? configure = null)
        where TBuilder : IHostApplicationBuilder
    {
        var connection = new NpgsqlConnectionStringBuilder(builder.Configuration.RequireConnectionString(name))
        {
            ApplicationName = builder.Environment.ApplicationName,
            MaxPoolSize = 40,
            Timeout = 5,
            CommandTimeout = 15,
            KeepAlive = 10,
        };
        configure?.Invoke(connection);

        builder.Services.AddKeyedSingleton(
            name,
            (services, _) => new NpgsqlDataSourceBuilder(connection.ConnectionString)
                .UseLoggerFactory(services.GetService<ILoggerFactory>())
                .Build());
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            name,
            services => new DatabaseCheck(services.GetRequiredKeyedService<NpgsqlDataSource>(name)),
            failureStatus: null,
            tags: null,
            timeout: TimeSpan.FromSeconds(3)));
        return builder;
    }

    /// <summary>
    /// For a service whose statements leave nothing behind in their session, settings and locks included: the seven
    /// statements that would reset a connection each time it is given back cost more than most that it is taken for.
    /// </summary>
    public static void WithoutReset(NpgsqlConnectionStringBuilder connection) => connection.NoResetOnClose = true;

    /// <summary>
    /// For connections whose statements all find their rows by key or by position, and in turn: each is planned once and
    /// for any values. PostgreSQL by itself plans many of them for every call, which takes longer than to run them (see
    /// docs/decisions/0039-plans-that-are-kept.md). Not for searches whose filters may be open.
    /// </summary>
    public static void WithKeptPlans(NpgsqlConnectionStringBuilder connection) =>
        connection.Options = $"{connection.Options} -c plan_cache_mode=force_generic_plan".Trim();

    /// <summary>Both of <see cref="WithoutReset"/> and <see cref="WithKeptPlans"/>.</summary>
    public static void ForShortStatements(NpgsqlConnectionStringBuilder connection)
    {
        WithoutReset(connection);
        WithKeptPlans(connection);
    }

    /// <summary>The connection string of this name, or an error that says how to give it.</summary>
    /// <exception cref="InvalidOperationException">It is missing.</exception>
    public static string RequireConnectionString(this IConfiguration configuration, string name) =>
        configuration.GetConnectionString(name) ?? throw new InvalidOperationException(
            $"The connection string '{name}' is missing. The app host sets it (dotnet run --project AppHost); " +
            $"without it, set the environment variable ConnectionStrings__{name}.");

    private sealed class DatabaseCheck(NpgsqlDataSource database) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await using var command = database.CreateCommand("select 1");
                await command.ExecuteScalarAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                return HealthCheckResult.Unhealthy($"PostgreSQL does not answer: {exception.Message}");
            }
        }
    }
}
