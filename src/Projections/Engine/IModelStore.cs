using System.Text.Json;
using Npgsql;
using Projections.Engine.Checkpoints;

namespace Projections.Engine;

/// <summary>What the engine asks of a store that keeps a model: PostgreSQL, Redis or Elasticsearch.</summary>
internal interface IModelStore<TKey, TRow>
    where TKey : notnull
    where TRow : class
{
    /// <summary>As it stands in the checkpoint table.</summary>
    string Kind { get; }

    /// <summary>Tables or mapping as text: when it changes, so must the projection's version.</summary>
    string Definition { get; }

    /// <summary>The name of a build's storage: a schema, a key prefix or an index.</summary>
    string StorageOf(string projection, int build);

    /// <summary>Makes the storage of a new build, inside the transaction that records the build.</summary>
    Task Create(Build build, NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>
    /// Shows the build to readers in place of the one before, inside the transaction that records it.
    /// </summary>
    Task Publish(Build build, NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the storage of a build that readers do not see, inside the transaction that forgets the build.
    /// </summary>
    Task Drop(Build build, NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>Makes ready to write, and says up to where the store really is filled.</summary>
    Task<long> Open(WriterSession session, CancellationToken cancellationToken);

    /// <summary>Up to where the store is filled now: less than was saved if it has lost data.</summary>
    Task<long> ReadPosition(WriterSession session, CancellationToken cancellationToken);

    /// <summary>The rows of these keys; a key without a row is left out.</summary>
    /// <exception cref="ModelLostException">The store is not where the session left it.</exception>
    Task<IReadOnlyDictionary<TKey, TRow>> Load(
        IReadOnlyCollection<TKey> keys, WriterSession session, CancellationToken cancellationToken);

    /// <summary>
    /// Saves the changes and moves the checkpoint: readers see both or neither, and doing it twice is doing it once.
    /// </summary>
    /// <exception cref="StoreRefusedException">The store will never take this data.</exception>
    Task Save(
        ModelChanges<TKey, TRow> changes, Advance advance, WriterSession session, CancellationToken cancellationToken);

    /// <summary>Rows that <see cref="Fill"/> takes at once.</summary>
    int RowsAtOnce { get; }

    /// <summary>Whether rows can be read back; if not, no rule needs them.</summary>
    bool CanLoad { get; }

    /// <summary>As <see cref="Save"/>, for many rows of a build that readers do not see.</summary>
    Task Fill(
        ModelChanges<TKey, TRow> changes, Advance advance, WriterSession session, CancellationToken cancellationToken);

    /// <summary>
    /// For the first rows of a build, in place of <see cref="Fill"/>; null: the store has nothing better.
    /// </summary>
    IFirstFill<TKey, TRow>? FillFirst(WriterSession session) => null;

    /// <summary>
    /// Saves events of one stream that were left out before, in order and once, with the statement that closes the
    /// case; the checkpoint stays.
    /// </summary>
    /// <param name="upTo">The stream version of the last event in the changes.</param>
    Task SaveAside(
        ModelChanges<TKey, TRow> changes,
        string stream,
        long upTo,
        NpgsqlBatchCommand closing,
        WriterSession session,
        CancellationToken cancellationToken);

    /// <summary>
    /// The stream version up to which left out events are in the store although the case was not closed; 0: none.
    /// </summary>
    Task<long> SavedAside(string stream, WriterSession session, CancellationToken cancellationToken);

    /// <summary>
    /// What the store holds under these keys, in the form of <see cref="AsHeld"/>; a key without a row is left out.
    /// </summary>
    /// <exception cref="JsonException">What one of them holds is no row.</exception>
    async Task<IReadOnlyDictionary<TKey, JsonElement>> ReadHeld(
        IReadOnlyCollection<TKey> keys, WriterSession session, CancellationToken cancellationToken) =>
        (await Load(keys, session, cancellationToken)).ToDictionary(row => row.Key, row => AsHeld(row.Value));

    /// <summary>A row as it is compared with what the store holds.</summary>
    JsonElement AsHeld(TRow row) => JsonSerializer.SerializeToElement(row, JsonSerializerOptions.Web);

    /// <summary>Sets rows to what they should be, whatever the store holds; the checkpoint stays.</summary>
    Task Repair(
        IReadOnlyCollection<RowChange<TKey, TRow>> rows, WriterSession session, CancellationToken cancellationToken);
}

/// <summary>
/// Fills a build of which nothing is saved yet: rows can be written while later ones are still folded, and nothing of it
/// is there before it is complete. Disposed before, it has never been. Not for concurrent use.
/// </summary>
internal interface IFirstFill<TKey, TRow> : IAsyncDisposable
    where TKey : notnull
    where TRow : class
{
    /// <summary>Completes when the rows given so far are written, or refused.</summary>
    Task Writing { get; }

    /// <summary>Begins to write rows that were not given before, and goes on when those before are written.</summary>
    /// <exception cref="StoreRefusedException">The store would not take those before.</exception>
    Task Write(IReadOnlyCollection<RowChange<TKey, TRow>> rows, CancellationToken cancellationToken);

    /// <summary>Writes the rows that are left, those that have changed again, and what goes with all of them.</summary>
    /// <exception cref="StoreRefusedException">The store will never take this data.</exception>
    Task Complete(
        IReadOnlyCollection<RowChange<TKey, TRow>> rows,
        IReadOnlyCollection<RowChange<TKey, TRow>> changedAgain,
        IReadOnlyDictionary<object, Figures> totals,
        Advance advance,
        CancellationToken cancellationToken);
}

/// <summary>The store is there but will not take the data, however often it is tried.</summary>
internal sealed class StoreRefusedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The store does not hold what was written to it: it was flushed, emptied or put back. It is filled again.
/// </summary>
internal sealed class ModelLostException(string message) : Exception(message);
