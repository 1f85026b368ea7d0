using EventStore;
using Projections.Engine.Checkpoints;

namespace Projections.Engine;

/// <summary>Fills a build in bulk: events go in, and many rows are saved at once. Not for concurrent use.</summary>
internal interface IFilling : IAsyncDisposable
{
    /// <summary>So much is held that it should be saved.</summary>
    bool IsFull { get; }

    /// <summary>Folds a batch over what is held.</summary>
    /// <returns>Events that could not be applied; their streams are parked.</returns>
    Task<IReadOnlyList<PoisonEvent>> Take(EventBatch batch, CancellationToken cancellationToken);

    /// <summary>Saves what is held, with the checkpoint.</summary>
    /// <exception cref="StoreRefusedException">The store will not take one of the rows.</exception>
    Task Save(CancellationToken cancellationToken);
}

/// <summary>
/// Folds in parallel partitions: rows by the hash of their key. That keeps the order of all events of a row, as long as
/// a stream's events all touch one row (a poison event parks its stream within its partition); totals are sums, and
/// sums may be added up in any order.
/// </summary>
/// <param name="keptBack">
/// Rows that came last are likely to change again: so many are not written before they have to be.
/// </param>
internal sealed class Filling<TKey, TRow>(
    Projection<TKey, TRow> projection,
    IModelStore<TKey, TRow> store,
    WriterSession session,
    int keptBack = Filling<TKey, TRow>.KeptBack)
    : IFilling
    where TKey : notnull
    where TRow : class
{
    private const int MostEvents = 2_000_000;
    private const int WorthParallel = 1000;

    private const int KeptBack = 2048;

    private static readonly int Partitions = Math.Clamp(Environment.ProcessorCount, 1, 8);
    private static readonly Dictionary<TKey, TRow> NoRows = [];
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(30);

    private readonly int keptBackOfPart = keptBack / Partitions;
    private ModelChanges<TKey, TRow>[] parts = Parts();
    private bool isEmpty = session.Position == session.Build.From;
    private IFirstFill<TKey, TRow>? first;
    private long since = TimeProvider.System.GetTimestamp();
    private int events;
    private long position = session.Position;
    private long head;
    private DateTimeOffset? lastEventAt;

    /// <summary>Completes when the rows that are being written are written, or refused.</summary>
    public Task Writing => first?.Writing ?? Task.CompletedTask;

    public bool IsFull =>
        parts.Sum(part => part.Rows.Count) >= store.RowsAtOnce
        || events >= MostEvents
        || (events > 0 && TimeProvider.System.GetElapsedTime(since) > MostTime);

    public async Task<IReadOnlyList<PoisonEvent>> Take(EventBatch batch, CancellationToken cancellationToken)
    {
        var rows = isEmpty ? NoRows : await LoadMissing(batch.Events, cancellationToken);
        var split = Split(batch.Events);
        var poison = new IReadOnlyList<PoisonEvent>[Partitions];
        void Fold(int part) =>
            poison[part] = projection.Fold(split[part], rows, session.Parked, parts[part]).Poison;
        if (batch.Events.Count < WorthParallel)
        {
            for (var part = 0; part < Partitions; part++)
                Fold(part);
        }
        else
        {
            Parallel.For(0, Partitions, Fold);
        }

        IReadOnlyList<PoisonEvent> found = [.. poison.SelectMany(part => part).OrderBy(p => p.Event.Position)];
        if (found.Count > 0)
            await session.Park(found, cancellationToken);
        events += batch.Events.Count;
        if (batch.Events.Count > 0)
            lastEventAt = batch.Events[^1].Metadata.Time;
        (position, head) = (batch.Position, batch.Head);
        await WriteSettled(cancellationToken);
        return found;
    }

    public async Task Save(CancellationToken cancellationToken)
    {
        if (position == session.Position)
            return;
        var advance = new Advance(session.Position, position, head, lastEventAt, AsOf: null);
        if (First() is { } filling)
            await Complete(filling, advance, cancellationToken);
        else
            await store.Fill(ModelChanges<TKey, TRow>.Of(parts), advance, session, cancellationToken);
        (parts, isEmpty, events, lastEventAt) = (Parts(), false, 0, null);
        since = TimeProvider.System.GetTimestamp();
    }

    public ValueTask DisposeAsync() => first?.DisposeAsync() ?? default;

    /// <summary>
    /// The store is not idle while events are read and folded: rows that have not come last are written meanwhile, as
    /// long as few of them change again, and as fast as the store takes them.
    /// </summary>
    private async Task WriteSettled(CancellationToken cancellationToken)
    {
        var settled = parts.Sum(part => Math.Max(part.Rows.Count - part.Taken - keptBackOfPart, 0));
        if (settled <= keptBack / 4
            || parts.Sum(part => part.ChangedAgain) > parts.Sum(part => part.Taken) / 4
            || First() is not { Writing.IsCompleted: true } filling)
            return;
        await filling.Write([.. parts.SelectMany(part => part.Take(except: keptBackOfPart))], cancellationToken);
    }

    /// <summary>Null: something was saved before, or the store has nothing better for the first rows.</summary>
    private IFirstFill<TKey, TRow>? First() => isEmpty ? first ??= store.FillFirst(session) : null;

    private async Task Complete(
        IFirstFill<TKey, TRow> filling, Advance advance, CancellationToken cancellationToken)
    {
        var changedAgain = parts.SelectMany(part => part.TakenAndChanged()).ToList();
        var rows = parts.SelectMany(part => part.Take(except: 0)).ToList();
        await filling.Complete(
            rows, changedAgain, ModelChanges<TKey, TRow>.TotalsOf(parts), advance, cancellationToken);
        await filling.DisposeAsync();
        first = null;
    }

    private async Task<IReadOnlyDictionary<TKey, TRow>> LoadMissing(
        IReadOnlyList<RecordedEvent> batch, CancellationToken cancellationToken)
    {
        var missing = projection.KeysToLoad(batch, session.Parked, everyKey: store.CanLoad)
            .Where(key => !parts[PartOf(key)].Holds(key))
            .ToList();
        return missing.Count == 0 ? NoRows : await store.Load(missing, session, cancellationToken);
    }

    private List<RecordedEvent>[] Split(IReadOnlyList<RecordedEvent> batch)
    {
        var split = new List<RecordedEvent>[Partitions];
        for (var part = 0; part < Partitions; part++)
            split[part] = new List<RecordedEvent>(batch.Count / Partitions + 1);
        foreach (var recorded in batch)
            split[projection.TryKeyOf(recorded, out var key) ? PartOf(key) : 0].Add(recorded);
        return split;
    }

    private static int PartOf(TKey key) => (int)((uint)key.GetHashCode() % (uint)Partitions);

    private static ModelChanges<TKey, TRow>[] Parts() =>
        [.. Enumerable.Range(0, Partitions).Select(_ => new ModelChanges<TKey, TRow>())];
}
