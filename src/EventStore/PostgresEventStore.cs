using System.Data;
using System.Data.Common;
using System.Diagnostics;
using EventStore.Appending;
using EventStore.Archiving;
using EventStore.Erasure;
using EventStore.Evolution;
using EventStore.Loading;
using EventStore.Partitions;
using EventStore.Reading;
using EventStore.Schema;
using EventStore.Serialization;
using EventStore.Subscribing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EventStore;

/// <summary>
/// The event store in the schema <c>eventstore</c> of a PostgreSQL database (14 or newer, primary server). Safe for use
/// by many threads; make one per database and process. How it works: docs/event-store.md.
/// </summary>
public sealed class PostgresEventStore : IEventStore, IAsyncDisposable
{
    private readonly EventSerializer serializer;
    private readonly PersonalData personal;
    private readonly Migrator migrator;
    private readonly LogHead head;
    private readonly ArchivedEvents archived;
    private readonly StreamPages streams;
    private readonly LogReader log;
    private readonly SnapshotWriter snapshots;
    private readonly StreamLoader loader;
    private readonly AppendQueue queue;
    private readonly PartitionKeeper partitions;
    private readonly LogAnnouncer announcer;
    private readonly LogSignal signal;
    private readonly Subscription subscription;
    private int disposed;

    /// <param name="dataSource">
    /// Stays the caller's to dispose. The store keeps up to five of its connections for itself: two writers, snapshots,
    /// announcements, and one that listens.
    /// </param>
    public PostgresEventStore(
        NpgsqlDataSource dataSource,
        EventTypes types,
        EventStoreOptions? options = null,
        ILogger<PostgresEventStore>? logger = null)
    {
        options = (options ?? new EventStoreOptions()).Check();
        logger ??= NullLogger<PostgresEventStore>.Instance;
        var keys = new SubjectKeys(dataSource, options);
        personal = new PersonalData(types, keys);
        serializer = new EventSerializer(types, keys);
        partitions = new PartitionKeeper(dataSource, options, logger);
        migrator = new Migrator(dataSource, partitions, logger);
        head = new LogHead(dataSource);
        archived = new ArchivedEvents(dataSource);
        var pages = new EventPage(
            dataSource, serializer, new EventResolving(dataSource, serializer, keys, archived));
        streams = new StreamPages(pages, archived, options.PageSize);
        log = new LogReader(pages, head, types, archived, options.PageSize);
        snapshots = new SnapshotWriter(dataSource, logger);
        loader = new StreamLoader(dataSource, serializer, keys, snapshots, archived);
        queue = new AppendQueue(dataSource, partitions, options, logger);
        announcer = new LogAnnouncer(dataSource, logger);
        signal = new LogSignal(dataSource, logger);
        subscription = new Subscription(log, head, signal, logger);
    }

    /// <summary>
    /// Brings the schema up to date; safe with several instances at once, and cheap when nothing is to do.
    /// </summary>
    public Task Migrate(CancellationToken cancellationToken = default) => migrator.Migrate(cancellationToken);

    public async ValueTask<AppendResult> Append(AppendRequest request, CancellationToken cancellationToken = default)
    {
        var subjects = await personal.KeysFor(request, cancellationToken);
        var append = new EncodedAppend(request, serializer, subjects);
        return await Observe(append, transaction: null, cancellationToken);
    }

    public async ValueTask<AppendResult> Append(
        AppendRequest request, DbTransaction transaction, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref disposed) == 1, this);
        var own = Own(transaction);
        var subjects = await personal.KeysFor(request, cancellationToken);
        var append = new EncodedAppend(request, serializer, subjects);
        return await Observe(append, own, cancellationToken);
    }

    public IAsyncEnumerable<RecordedEvent> ReadStream(
        string stream,
        long fromVersion = 1,
        ReadDirection direction = ReadDirection.Forward,
        int? limit = null,
        CancellationToken cancellationToken = default)
    {
        Input.CheckName(stream, "stream name");
        ThrowIfNegative(limit);
        return streams.Read(stream, fromVersion, direction, limit, cancellationToken);
    }

    public async ValueTask<IReadOnlyDictionary<string, Loaded<TState>>> Load<TState>(
        IReadOnlyCollection<string> streams,
        Fold<TState> fold,
        DbTransaction? transaction = null,
        CancellationToken cancellationToken = default)
    {
        using var activity = EventStoreTelemetry.Source.StartActivity("event store load", ActivityKind.Client);
        activity?.SetTag("event_store.fold", fold.Name).SetTag("event_store.streams", streams.Count);
        foreach (var stream in streams)
            Input.CheckName(stream, "stream name");
        try
        {
            return await loader.Load(streams, fold, transaction is null ? null : Own(transaction), cancellationToken);
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }
    }

    /// <summary>
    /// Keeps snapshots of streams now, whatever the fold's schedule: before their events are archived. Streams whose
    /// state would hold personal data get none.
    /// </summary>
    /// <exception cref="NotSupportedException">The state cannot be stored as JSON and read back.</exception>
    public async Task KeepSnapshots<TState>(
        IReadOnlyCollection<string> streams, Fold<TState> fold, CancellationToken cancellationToken = default)
    {
        foreach (var stream in streams)
            Input.CheckName(stream, "stream name");
        var kept = new List<Snapshot>();
        await loader.Load(streams, fold with { SnapshotEvery = 1 }, transaction: null, cancellationToken, kept);
        foreach (var snapshot in kept)
            await snapshots.Save(snapshot, cancellationToken);
    }

    public async ValueTask<LoadedLog<TState>> Load<TState>(
        LogFilter filter, Fold<TState> fold, CancellationToken cancellationToken = default)
    {
        using var activity = EventStoreTelemetry.Source.StartActivity("event store load", ActivityKind.Client);
        activity?.SetTag("event_store.fold", fold.Name);
        filter.Check();
        return await log.Load(filter, fold, cancellationToken);
    }

    public IAsyncEnumerable<RecordedEvent> ReadLog(
        long after, LogFilter? filter = null, int? limit = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        filter?.Check();
        ThrowIfNegative(limit);
        return log.Read(after, filter, limit, cancellationToken);
    }

    public async ValueTask<long> ReadHead(CancellationToken cancellationToken = default) =>
        (await head.Read(cancellationToken)).Position;

    public IAsyncEnumerable<EventBatch> Subscribe(
        long after, SubscriptionOptions? options = null, CancellationToken cancellationToken = default) =>
        subscription.Follow(after, options ?? new SubscriptionOptions(), cancellationToken);

    /// <summary>Writes the appends and snapshots accepted so far, and gives the connections back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
            return;
        await queue.DisposeAsync();
        await announcer.DisposeAsync();
        await signal.DisposeAsync();
        await snapshots.DisposeAsync();
        await partitions.DisposeAsync();
    }

    private async ValueTask<AppendResult> Observe(
        EncodedAppend append, NpgsqlTransaction? transaction, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        using var activity = EventStoreTelemetry.Source.StartActivity("event store append", ActivityKind.Client);
        activity?.SetTag("event_store.stream", append.Request.Streams[0].Stream)
            .SetTag("event_store.events", append.Events.Length);
        var outcome = "error";
        try
        {
            var result = await (transaction is null
                ? queue.Append(append, cancellationToken)
                : AppendStatement.RunJoined(append, transaction, cancellationToken));
            outcome = result.GetType().Name;
            if (result is Appended appended)
            {
                announcer.Appended();
                partitions.Reached(appended.Position);
            }
            return result;
        }
        catch (PostgresException e) when (ArchivedEvents.IsRefusal(e))
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.MessageText);
            throw await archived.Explain("A condition of the append cannot be judged", cancellationToken);
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }
        finally
        {
            activity?.SetTag("event_store.outcome", outcome);
            EventStoreTelemetry.AppendTime.Record(
                Stopwatch.GetElapsedTime(start).TotalMilliseconds,
                new KeyValuePair<string, object?>("outcome", outcome));
        }
    }

    private static void ThrowIfNegative(int? limit) => ArgumentOutOfRangeException.ThrowIfNegative(limit ?? 0, "limit");

    private static NpgsqlTransaction Own(DbTransaction transaction)
    {
        if (transaction is not NpgsqlTransaction own)
        {
            throw new ArgumentException(
                $"The transaction is a {transaction.GetType()}: the event store joins those of Npgsql.",
                nameof(transaction));
        }
        try
        {
            // Commands don't look at their transaction in Npgsql: behind an ended one they would commit by themselves.
            return own is { IsolationLevel: not IsolationLevel.Unspecified, Connection: not null }
                ? own
                : throw Ended();
        }
        catch (InvalidOperationException)
        {
            throw Ended();
        }

        ArgumentException Ended() => new("The transaction has ended already.", nameof(transaction));
    }
}
