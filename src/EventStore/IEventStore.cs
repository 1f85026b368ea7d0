using System.Data.Common;

namespace EventStore;

/// <summary>
/// An append-only log of events in PostgreSQL, divided into streams. A stream has versions 1, 2, 3, …; the whole log
/// has global positions that rise in commit-safe order: a reader never passes a position whose transaction is open.
/// </summary>
public interface IEventStore
{
    /// <summary>
    /// Appends to one or several streams and claims or releases unique keys: all of it or nothing.
    /// Repeating an append whose first event id is in the log answers as the first time did.
    /// </summary>
    /// <returns>
    /// <see cref="Appended"/>, <see cref="VersionConflict"/> or <see cref="StreamTombstoned"/>,
    /// <see cref="ConditionFailed"/>, or <see cref="KeyTaken"/>, judged in this order; a refusal changes nothing.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// Bad input: no event, an unmapped type, a NUL character, data over the limit.
    /// </exception>
    /// <exception cref="AppendFailedException">
    /// Nothing was written: a lock of somebody's open transaction, missing rights, a database that is not migrated, or
    /// no writer free for <see cref="EventStoreOptions.AppendPatience"/>.
    /// </exception>
    /// <exception cref="Npgsql.NpgsqlException">
    /// Nothing was written: the database is not there, or no connection is free.
    /// </exception>
    /// <exception cref="ArchivedEventsException">
    /// A condition's position lies below events that are archived.
    /// </exception>
    /// <exception cref="AppendOutcomeUnknownException">
    /// The connection was lost and stays lost: repeat the request to learn what became of it.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The command has appended another number of events to this first stream before.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The store is closed; nothing was written.</exception>
    /// <exception cref="OperationCanceledException">
    /// Canceled. It is in the log all the same if a writer had taken it already: repeat the request to learn.
    /// </exception>
    ValueTask<AppendResult> Append(AppendRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// As <see cref="Append(AppendRequest, CancellationToken)"/>, inside the caller's transaction: it is in the log
    /// when the caller commits. A refusal leaves the transaction usable, so the caller can read again and decide anew.
    /// </summary>
    ValueTask<AppendResult> Append(
        AppendRequest request, DbTransaction transaction, CancellationToken cancellationToken = default);

    /// <summary>Reads a stream, page by page, with constant memory. An unknown stream is empty.</summary>
    /// <param name="fromVersion">
    /// The lowest version to read, in both directions: backward reads from the newest event down to it.
    /// </param>
    /// <exception cref="ReadFailedException">The database has no log, or none that the role may read.</exception>
    /// <exception cref="ArchivedEventsException">
    /// The stream's events from there on are archived, or some are.
    /// </exception>
    /// <exception cref="EventDataException">An event cannot be read as the type its name is mapped to.</exception>
    IAsyncEnumerable<RecordedEvent> ReadStream(
        string stream,
        long fromVersion = 1,
        ReadDirection direction = ReadDirection.Forward,
        int? limit = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Folds streams into states, each from its snapshot and the events after it, in one round trip for all.
    /// Inside a transaction it sees that transaction's own appends.
    /// </summary>
    /// <returns>One entry for each stream asked for; an unknown stream is the initial state at version 0.</returns>
    /// <exception cref="ArchivedEventsException">
    /// A stream's early events are archived, and it has no snapshot of this fold and schema version behind them.
    /// </exception>
    ValueTask<IReadOnlyDictionary<string, Loaded<TState>>> Load<TState>(
        IReadOnlyCollection<string> streams,
        Fold<TState> fold,
        DbTransaction? transaction = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Folds the events of the whole log that match a filter, as far as it is safe to read: for a decision that spans
    /// streams. Append its outcome under <see cref="LoadedLog{TState}.Unchanged"/>. Costs a read of all the events that
    /// match; without tags and types, of the whole log. Takes no snapshots, and sees nothing of an open transaction.
    /// </summary>
    ValueTask<LoadedLog<TState>> Load<TState>(
        LogFilter filter, Fold<TState> fold, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads the log in order of position, only as far as it is safe to (see <see cref="ReadHead"/>).
    /// </summary>
    /// <param name="after">The position to start behind; 0 for the beginning.</param>
    /// <exception cref="ArchivedEventsException">Events behind that position are archived.</exception>
    IAsyncEnumerable<RecordedEvent> ReadLog(
        long after, LogFilter? filter = null, int? limit = null, CancellationToken cancellationToken = default);

    /// <summary>The last safe position: no event at or below it can still appear. 0 when the log is empty.</summary>
    ValueTask<long> ReadHead(CancellationToken cancellationToken = default);

    /// <summary>
    /// Batches of the log from a position on, without end: catches up, then follows live (notification, with polling
    /// as the net), and reconnects by itself. A batch closes at its size, or as soon as nothing more is there, or after
    /// <see cref="SubscriptionOptions.GatherFor"/>. While the caller works on one batch, the next may be on its way: two
    /// at most are in memory.
    /// An event that cannot be read comes as an <see cref="UnreadableEvent"/>.
    /// </summary>
    /// <exception cref="ArchivedEventsException">Events behind that position are archived.</exception>
    IAsyncEnumerable<EventBatch> Subscribe(
        long after, SubscriptionOptions? options = null, CancellationToken cancellationToken = default);
}
