using Projections.Engine.Elasticsearch;
using Projections.Engine.Postgres;
using Projections.Engine.Redis;
using StackExchange.Redis;

namespace Projections.Engine;

/// <summary>The stores that an endpoint can fill: one endpoint each, named by <c>--store</c>.</summary>
internal enum StoreKind
{
    Postgres,
    Redis,
    Search,
}

/// <summary>Binds declarations to the stores that this process is connected to.</summary>
/// <param name="redis">Null where the process does not fill Redis.</param>
/// <param name="elasticsearch">Null where none is configured: search is in PostgreSQL then.</param>
internal sealed class Stores(IConnectionMultiplexer? redis = null, ElasticsearchClient? elasticsearch = null)
{
    /// <summary>One round trip to Redis.</summary>
    private static readonly TimeSpan RedisTimeout = TimeSpan.FromSeconds(5);

    public IReadModel Postgres<TKey, TRow>(Projection<TKey, TRow> projection)
        where TKey : notnull
        where TRow : class =>
        new ReadModel<TKey, TRow>(
            projection, new PostgresModel<TKey, TRow>(Declared(projection.Postgres, projection.Name, "Postgres")));

    public IReadModel Redis<TKey, TRow>(Projection<TKey, TRow> projection)
        where TKey : notnull
        where TRow : class =>
        new ReadModel<TKey, TRow>(projection, new RedisModel<TKey, TRow>(
            Declared(projection.Redis, projection.Name, "Redis"),
            (redis ?? throw new InvalidOperationException(
                $"{projection.Name} needs Redis: set ConnectionStrings__redis."))
                .GetDatabase(),
            RedisTimeout));

    /// <summary>In Elasticsearch, or in PostgreSQL where no Elasticsearch is configured.</summary>
    public IReadModel Search<TKey, TRow>(Projection<TKey, TRow> projection)
        where TKey : notnull
        where TRow : class =>
        elasticsearch is null
            ? Postgres(projection)
            : new ReadModel<TKey, TRow>(projection, new ElasticsearchModel<TKey, TRow>(
                Declared(projection.Elasticsearch, projection.Name, "Elasticsearch"), projection.Name, elasticsearch));

    private static TStorage Declared<TStorage>(TStorage? storage, string projection, string property) =>
        storage ?? throw new InvalidOperationException(
            $"{projection} does not say how it is stored there: override its property {property}.");
}
