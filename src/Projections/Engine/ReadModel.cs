using System.Security.Cryptography;
using System.Text;
using EventStore;
using Npgsql;
using ProjectionControl;
using Projections.Checking;
using Projections.Engine.Checkpoints;

namespace Projections.Engine;

/// <summary>Folds batches by a projection's rules over the rows of a store.</summary>
internal sealed class ReadModel<TKey, TRow>(Projection<TKey, TRow> projection, IModelStore<TKey, TRow> store)
    : IReadModel
    where TKey : notnull
    where TRow : class
{
    public string Name => projection.Name;

    public int Version => projection.Version;

    public string Store => store.Kind;

    public IReadOnlyCollection<string> EventTypes { get; } = projection.EventTypes;

    public string Fingerprint { get; } =
        Hash([store.Definition, .. projection.EventTypes.Order(StringComparer.Ordinal)]);

    public string StorageOf(int build) => store.StorageOf(Name, build);

    public Task Create(Build build, NpgsqlConnection connection, CancellationToken cancellationToken) =>
        store.Create(build, connection, cancellationToken);

    public Task Publish(Build build, NpgsqlConnection connection, CancellationToken cancellationToken) =>
        store.Publish(build, connection, cancellationToken);

    public Task<long> Open(WriterSession session, CancellationToken cancellationToken) =>
        store.Open(session, cancellationToken);

    public Task<long> ReadPosition(WriterSession session, CancellationToken cancellationToken) =>
        store.ReadPosition(session, cancellationToken);

    public Task Drop(Build build, NpgsqlConnection connection, CancellationToken cancellationToken) =>
        store.Drop(build, connection, cancellationToken);

    public bool CanBeginAnywhere => projection.MakesWholeRows;

    public IFilling BeginFilling(WriterSession session) => new Filling<TKey, TRow>(projection, store, session);

    public Task<CheckReport> Check(
        int sample, bool repair, IEventStore log, WriterSession session, CancellationToken cancellationToken) =>
        new EntityCheck<TKey, TRow>(projection, store, log, session).Run(sample, repair, cancellationToken);

    public async Task<PoisonEvent?> Retry(
        string stream,
        IReadOnlyList<RecordedEvent> events,
        WriterSession session,
        CancellationToken cancellationToken)
    {
        var saved = await store.SavedAside(stream, session, cancellationToken);
        var parked = session.Parked.Without(stream);
        List<RecordedEvent> left = [.. events.Where(e => e.Version > saved && projection.EventTypes.Contains(e.Type))];
        var keys = projection.KeysToLoad(left, parked, everyKey: store.CanLoad);
        var (changes, poison) = projection.Fold(left, await Load(keys, session, cancellationToken), parked);
        var refused = poison.Count > 0 ? poison[0] : null;
        var last = refused?.Event.Version - 1 ?? (events.Count > 0 ? events[^1].Version : saved);
        await store.SaveAside(
            changes, stream, last, session.ClosingCommand(stream, refused), session, cancellationToken);
        session.Closed(stream, refused);
        return refused;
    }

    public async Task<IReadOnlyList<PoisonEvent>> Apply(
        EventBatch batch, DateTimeOffset? asOf, WriterSession session, CancellationToken cancellationToken)
    {
        var events = batch.Events;
        var lastEventAt = events.Count > 0 ? events[^1].Metadata.Time : (DateTimeOffset?)null;
        var advance = new Advance(session.Position, batch.Position, batch.Head, lastEventAt, asOf);
        var (changes, poison) = await Fold(events, session, cancellationToken);
        if (poison.Count > 0)
            await session.Park(poison, cancellationToken);
        try
        {
            await store.Save(changes, advance, session, cancellationToken);
            return poison;
        }
        catch (StoreRefusedException) when (events.Count > 1)
        {
            return [.. poison, .. await ApplyHalves(batch, asOf, session, cancellationToken)];
        }
        catch (StoreRefusedException refusal) when (events.Count == 1)
        {
            var refused = new PoisonEvent(events[0], refusal);
            await session.Park([refused], cancellationToken);
            await store.Save(new ModelChanges<TKey, TRow>(), advance, session, cancellationToken);
            return [.. poison, refused];
        }
    }

    /// <summary>
    /// Loads the rows that the events need and folds over them. A row that the batch's first event makes is not loaded,
    /// so where that very event is poison, all rows are loaded and the fold is done again.
    /// </summary>
    private async Task<(ModelChanges<TKey, TRow> Changes, IReadOnlyList<PoisonEvent> Poison)> Fold(
        IReadOnlyList<RecordedEvent> events, WriterSession session, CancellationToken cancellationToken)
    {
        var keys = projection.KeysToLoad(events, session.Parked);
        var outcome = projection.Fold(events, await Load(keys, session, cancellationToken), session.Parked);
        if (outcome.Poison.Count == 0)
            return outcome;

        var all = projection.KeysToLoad(events, session.Parked, everyKey: true);
        return projection.Fold(events, await Load(all, session, cancellationToken), session.Parked);
    }

    private async Task<IReadOnlyDictionary<TKey, TRow>> Load(
        IReadOnlyCollection<TKey> keys, WriterSession session, CancellationToken cancellationToken) =>
        keys.Count == 0
            ? new Dictionary<TKey, TRow>()
            : await store.Load(keys, session, cancellationToken);

    /// <summary>The store refuses something in the batch: halving finds the event, and all others are saved.</summary>
    private async Task<IReadOnlyList<PoisonEvent>> ApplyHalves(
        EventBatch batch, DateTimeOffset? asOf, WriterSession session, CancellationToken cancellationToken)
    {
        var middle = batch.Events.Count / 2;
        EventBatch first = new([.. batch.Events.Take(middle)], batch.Events[middle - 1].Position, batch.Head);
        EventBatch second = new([.. batch.Events.Skip(middle)], batch.Position, batch.Head);
        return
        [
            .. await Apply(first, asOf: null, session, cancellationToken),
            .. await Apply(second, asOf, session, cancellationToken),
        ];
    }

    private static string Hash(IReadOnlyList<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
}
