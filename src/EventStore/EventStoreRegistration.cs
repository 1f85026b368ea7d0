using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventStore;

/// <summary>Registers the event store with a host.</summary>
public static class EventStoreRegistration
{
    /// <summary>
    /// Adds <see cref="IEventStore"/> on the database with this connection string name, as
    /// <c>services.AddEventStore(types)</c>. It uses the <see cref="NpgsqlDataSource"/> registered under that key; where
    /// there is none, one is made (and registered under the key) from <c>ConnectionStrings:{connectionName}</c>.
    /// The schema is brought up to date before any hosted service starts.
    /// </summary>
    public static IServiceCollection AddEventStore(
        this IServiceCollection services,
        EventTypes types,
        string connectionName = "commerce",
        EventStoreOptions? options = null)
    {
        options ??= new EventStoreOptions();
        services.TryAddKeyedSingleton(connectionName, (provider, _) => OpenDataSource(provider, connectionName));
        services.AddSingleton(provider => new PostgresEventStore(
            provider.GetRequiredKeyedService<NpgsqlDataSource>(connectionName),
            types,
            options,
            provider.GetService<ILogger<PostgresEventStore>>()));
        services.AddSingleton<IEventStore>(provider => provider.GetRequiredService<PostgresEventStore>());
        if (options.MigrateAtStart)
            services.AddHostedService<MigrateAtStart>();
        return services;
    }

    private static NpgsqlDataSource OpenDataSource(IServiceProvider provider, string connectionName)
    {
        var connectionString = provider.GetRequiredService<IConfiguration>().GetConnectionString(connectionName);
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new InvalidOperationException(
                $"The connection string '{connectionName}' is missing: set ConnectionStrings__{connectionName}.");
        }
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        if (provider.GetService<ILoggerFactory>() is { } loggers)
            builder.UseLoggerFactory(loggers);
        return builder.Build();
    }

    /// <summary>Runs before the services that use the store, whatever the order of their registration.</summary>
    private sealed class MigrateAtStart(PostgresEventStore store) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken) => store.Migrate(cancellationToken);

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
