using System.Diagnostics;
using EventStore.Subscribing;
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
    /// <c>services.AddEventStore(types)</c>. It uses the <see cref="NpgsqlDataSource"/> registered under that key;
    /// where there is none, one is made (and registered under the key) from
    /// <c>ConnectionStrings:{connectionName}</c>. The schema is brought up to date before any hosted service starts; a
    /// database that is still starting is waited for, 60 s at most.
    /// </summary>
    public static IServiceCollection AddEventStore(
        this IServiceCollection services,
        EventTypes types,
        string connectionName = "commerce",
        EventStoreOptions? options = null)
    {
        options ??= new EventStoreOptions();
        services.AddLogging();
        services.TryAddKeyedSingleton(connectionName, (provider, _) => OpenDataSource(provider, connectionName));
        services.AddSingleton(provider => new PostgresEventStore(
            provider.GetRequiredKeyedService<NpgsqlDataSource>(connectionName),
            types,
            options.WithKeysFrom(provider.GetRequiredService<IConfiguration>()),
            provider.GetRequiredService<ILogger<PostgresEventStore>>()));
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
        return new NpgsqlDataSourceBuilder(connectionString)
            .UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>())
            .Build();
    }

    /// <summary>Runs before the services that use the store, whatever the order of their registration.</summary>
    private sealed class MigrateAtStart(PostgresEventStore store, ILogger<PostgresEventStore> logger)
        : IHostedLifecycleService
    {
        /// <summary>A service and its database may start at the same moment.</summary>
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

        public async Task StartingAsync(CancellationToken cancellationToken)
        {
            var (start, backoff) = (Stopwatch.GetTimestamp(), new Backoff());
            while (true)
            {
                try
                {
                    await store.Migrate(cancellationToken);
                    return;
                }
                catch (NpgsqlException e) when (e.IsTransient && Stopwatch.GetElapsedTime(start) < Patience)
                {
                    logger.LogWarning(e, "The event store's database does not answer yet; trying again.");
                    await backoff.Wait(cancellationToken);
                }
            }
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
