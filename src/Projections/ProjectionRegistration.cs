using Commerce.EventLog;
using EventStore;
using Npgsql;
using Projections.Checking;
using Projections.Engine;
using Projections.Engine.Control;
using Projections.Engine.Elasticsearch;
using Projections.Engine.Redis;
using Projections.Engine.Running;
using ServiceDefaults;
using StackExchange.Redis;

namespace Projections;

/// <summary>Registers the projections of one store with a host.</summary>
internal static class ProjectionRegistration
{
    private const string ReadModels = "readmodels";

    /// <summary>
    /// Statements that a connection keeps prepared: a few per projection, all of them used all the time.
    /// </summary>
    private const int PreparedStatements = 32;

    /// <summary>Of a connection, in bytes: a rebuild's pages take dozens of these, not thousands of small ones.</summary>
    private const int BufferSize = 64 * 1024;

    /// <summary>How connections to the log are set, which whole pages are read from.</summary>
    public static void ReadInBulk(NpgsqlConnectionStringBuilder connection)
    {
        connection.ReadBufferSize = BufferSize;
        DatabaseExtensions.ForShortStatements(connection);
    }

    /// <summary>How connections to the read models are set, which whole batches are written to.</summary>
    public static void WriteInBulk(NpgsqlConnectionStringBuilder connection)
    {
        connection.MaxAutoPrepare = PreparedStatements;
        connection.WriteBufferSize = BufferSize;
        DatabaseExtensions.WithKeptPlans(connection);
    }

    /// <summary>The store that <c>--store</c> names.</summary>
    /// <exception cref="InvalidOperationException">It names none.</exception>
    public static StoreKind RequireStore(this IConfiguration configuration) =>
        Enum.TryParse<StoreKind>(configuration["store"], ignoreCase: true, out var store)
            ? store
            : throw new InvalidOperationException(
                $"--store '{configuration["store"]}' is no store: give one of postgres, redis, search.");

    /// <summary>Adds the models of a store, each with its runner, and readiness checks for what they need.</summary>
    public static void AddProjections(this WebApplicationBuilder builder, StoreKind kind)
    {
        builder.AddDatabase(ReadModels, WriteInBulk);
        builder.Services.AddEventStore(CommerceEvents.Types());
        var stores = builder.Connect(kind);
        builder.Services.AddSingleton<LogHead>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LogHead>());
        builder.Services.AddSingleton(services => CommerceProjections.In(kind, stores(services)));
        builder.Services.AddSingleton(services => new LogFeed(
            services.GetRequiredService<IEventStore>(),
            [.. services.GetRequiredService<IReadOnlyList<IReadModel>>().SelectMany(model => model.EventTypes).Distinct()],
            services.GetRequiredService<ILogger<LogFeed>>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<LogFeed>());
        builder.Services.AddSingleton(services => new ControlRoom(
            services.GetRequiredKeyedService<NpgsqlDataSource>(ReadModels),
            services.GetRequiredService<LogHead>(),
            services.GetRequiredService<ILogger<ControlRoom>>()));
        builder.Services.AddSingleton(services => new ProjectionEnvironment(
            services.GetRequiredService<IEventStore>(),
            services.GetRequiredService<LogFeed>(),
            services.GetRequiredService<LogHead>(),
            services.GetRequiredService<ControlRoom>(),
            services.GetRequiredKeyedService<NpgsqlDataSource>(ReadModels),
            services.GetRequiredService<ILogger<ProjectionRunner>>(),
            ConsistencyWatch.Of(builder.Configuration)));
        builder.Services.AddSingleton<IReadOnlyList<ProjectionRunner>>(services =>
        [
            .. services.GetRequiredService<IReadOnlyList<IReadModel>>()
                .Select(model => new ProjectionRunner(model, services.GetRequiredService<ProjectionEnvironment>())),
        ]);
        builder.Services.AddHostedService<ProjectionService>();
        builder.Services.AddHostedService(services =>
        {
            services.GetRequiredService<IReadOnlyList<ProjectionRunner>>();
            return services.GetRequiredService<ControlRoom>();
        });
    }

    private static Func<IServiceProvider, Stores> Connect(this WebApplicationBuilder builder, StoreKind kind)
    {
        switch (kind)
        {
            case StoreKind.Redis:
                builder.Services.AddSingleton<IConnectionMultiplexer>(_ => RedisConnection.Open(
                    builder.Configuration.RequireConnectionString("redis")));
                builder.Services.AddHealthChecks().AddCheck<RedisCheck>("redis");
                return services => new Stores(redis: services.GetRequiredService<IConnectionMultiplexer>());
            case StoreKind.Search
                when builder.Configuration.GetConnectionString("elasticsearch") is { Length: > 0 } address:
                builder.Services.AddSingleton(_ => ElasticsearchConnection.Open(address));
                builder.Services.AddHealthChecks().AddCheck<ElasticsearchCheck>("elasticsearch");
                return services => new Stores(elasticsearch: services.GetRequiredService<ElasticsearchClient>());
            default:
                return _ => new Stores();
        }
    }
}
