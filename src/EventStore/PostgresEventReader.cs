using EventStore.Archiving;
using EventStore.Erasure;
using EventStore.Evolution;
using EventStore.Reading;
using EventStore.Serialization;
using EventStore.Subscribing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EventStore;

/// <summary>
/// Reads the event store of a PostgreSQL database (primary server) and can do nothing else. Safe for use by many
/// threads.
/// </summary>
public sealed class PostgresEventReader : IEventReader, IAsyncDisposable
{
    private static readonly string StreamsSql = Sql.Read("Reading/read_streams.sql");

    private readonly EventPage pages;
    private readonly LogHead head;
    private readonly ArchivedEvents archived;
    private readonly LogSignal signal;
    private readonly Subscription subscription;

    /// <param name="dataSource">
    /// Stays the caller's to dispose. A subscription keeps one connection that listens.
    /// </param>
    /// <param name="types">
    /// What to read events as; one that is not mapped comes as an <see cref="UnknownEvent"/>.
    /// </param>
    public PostgresEventReader(
        NpgsqlDataSource dataSource,
        EventTypes types,
        EventStoreOptions? options = null,
        ILogger<PostgresEventReader>? logger = null)
    {
        options = (options ?? new EventStoreOptions()).Check();
        logger ??= NullLogger<PostgresEventReader>.Instance;
        var keys = new SubjectKeys(dataSource, options);
        var serializer = new EventSerializer(types, keys);
        archived = new ArchivedEvents(dataSource);
        pages = new EventPage(dataSource, serializer, new EventResolving(dataSource, serializer, keys, archived));
        head = new LogHead(dataSource);
        signal = new LogSignal(dataSource, logger);
        subscription = new Subscription(new LogReader(pages, head, types, archived, options.PageSize), head, signal, logger);
    }

    public async ValueTask<long> ReadHead(CancellationToken cancellationToken = default) =>
        (await head.Read(cancellationToken)).Position;

    public async ValueTask<IReadOnlyList<RecordedEvent>> ReadStreams(
        IReadOnlyCollection<StreamEnd> streams, CancellationToken cancellationToken = default)
    {
        foreach (var end in streams)
        {
            Input.CheckName(end.Stream, "stream name");
            ArgumentOutOfRangeException.ThrowIfNegative(end.Last);
        }
        StoredPage rows;
        do
        {
            rows = await pages.Fetch(
                StreamsSql,
                limit: null,
                [
                    new NpgsqlParameter<string[]> { TypedValue = [.. streams.Select(end => end.Stream)] },
                    new NpgsqlParameter<int[]> { TypedValue = [.. streams.Select(end => end.Last)] },
                ],
                cancellationToken);
        }
        while (!await AreWhole(streams, rows, cancellationToken));
        return await pages.Decode(rows, cancellationToken);
    }

    /// <summary>Streams of which less came than was asked for either begin there, or the rest is archived.</summary>
    private async ValueTask<bool> AreWhole(
        IReadOnlyCollection<StreamEnd> streams, StoredPage rows, CancellationToken cancellationToken)
    {
        var begun = rows.Where(row => row.Version == 1).Select(row => row.Stream).ToHashSet(StringComparer.Ordinal);
        (string, long, long)[] unsure =
        [
            .. streams.Where(end => end.Last > 0 && !begun.Contains(end.Stream))
                .Select(end => (end.Stream, 1L, (long)end.Last)),
        ];
        return unsure.Length == 0 || await archived.AreWhole(unsure, cancellationToken);
    }

    public IAsyncEnumerable<EventBatch> Subscribe(
        long after, SubscriptionOptions? options = null, CancellationToken cancellationToken = default) =>
        subscription.Follow(after, options ?? new SubscriptionOptions(), cancellationToken);

    /// <summary>Gives the listening connection back.</summary>
    public ValueTask DisposeAsync() => signal.DisposeAsync();
}
