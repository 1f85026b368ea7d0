using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CommandLog;

/// <summary>Adds the command log to a service.</summary>
public static class CommandLogExtensions
{
    /// <summary>
    /// Adds <see cref="ICommandLog"/> on the <see cref="NpgsqlDataSource"/> keyed by <paramref name="database"/>. Its
    /// tables are created or brought up to date when the service starts; several instances may start at once.
    /// </summary>
    public static IServiceCollection AddCommandLog(
        this IServiceCollection services, string database, Action<CommandLogOptions>? configure = null)
    {
        services.AddOptions<CommandLogOptions>().Configure(options => configure?.Invoke(options));
        services.AddSingleton(provider => new CommandWaiters(
            provider.GetRequiredKeyedService<NpgsqlDataSource>(database),
            provider.GetRequiredService<IOptions<CommandLogOptions>>().Value,
            provider.GetRequiredService<ILogger<CommandWaiters>>()));
        services.AddSingleton(provider => new CommandAnnouncer(
            provider.GetRequiredKeyedService<NpgsqlDataSource>(database),
            provider.GetRequiredService<ILogger<CommandAnnouncer>>()));
        services.AddSingleton<ICommandLog>(provider => new PostgresCommandLog(
            provider.GetRequiredKeyedService<NpgsqlDataSource>(database),
            provider.GetRequiredService<CommandWaiters>(),
            provider.GetRequiredService<CommandAnnouncer>(),
            provider.GetRequiredService<IOptions<CommandLogOptions>>().Value,
            provider.GetRequiredService<ILogger<PostgresCommandLog>>()));
        services.AddHostedService(provider => new MigrateOnStart(
            provider.GetRequiredKeyedService<NpgsqlDataSource>(database),
            provider.GetRequiredService<IOptions<CommandLogOptions>>().Value,
            provider.GetRequiredService<ILogger<MigrateOnStart>>()));
        services.AddHostedService(provider => provider.GetRequiredService<CommandWaiters>());
        services.AddHostedService(provider => provider.GetRequiredService<CommandAnnouncer>());
        return services;
    }
}
