using System.Text.Json;
using EventStore;
using ProjectionControl;
using Projections.Engine;
using Projections.Engine.Checkpoints;

namespace Projections.Checking;

/// <summary>
/// Compares rows of a live build with a fold of the log by the projection's own rules. The rows are read in the
/// session's turn, when nobody writes: they are the model at the session's position, and the fold goes exactly that
/// far.
/// </summary>
/// <remarks>
/// Rows are compared, totals are not: a total is made of every row there ever was. A row that no event of the log names
/// is not found either. A rebuild sets both right.
/// </remarks>
internal sealed class EntityCheck<TKey, TRow>(
    Projection<TKey, TRow> projection, IModelStore<TKey, TRow> store, IEventStore log, WriterSession session)
    where TKey : notnull
    where TRow : class
{
    /// <summary>Rows that are read in one turn: the model stands still for about as long as a batch takes.</summary>
    private const int AtOnce = 100;

    /// <summary>
    /// A stream of which only the end is read must have so many events up to the position: the last few say all.
    /// </summary>
    private const int EnoughOfAnEnd = 4;

    private static readonly Dictionary<TKey, TRow> NoRows = [];

    public async Task<CheckReport> Run(int most, bool repair, CancellationToken cancellationToken)
    {
        var keys = await new EntitySample<TKey, TRow>(projection, log)
            .Draw(most, session.Build.From, session.Position, cancellationToken);
        var (compared, unclear) = (0, 0);
        var differences = new List<EntityDifference>();
        foreach (var some in keys.Chunk(AtOnce))
        {
            var (position, held) = await Held(some, cancellationToken);
            foreach (var key in some)
            {
                if (await Fold(key, position, cancellationToken) is not { } folded)
                {
                    unclear++;
                    continue;
                }

                compared++;
                var found = Compare(held.TryGetValue(key, out var row) ? row : null, folded);
                if (found.Count == 0)
                    continue;
                differences.Add(new EntityDifference(EntityStreams.Name(key), found));
                if (repair)
                    await Repair(key, cancellationToken);
            }
        }

        return new CheckReport(projection.Name, session.Position, compared, unclear, differences, repair);
    }

    private IReadOnlyList<ValueDifference> Compare(JsonElement? held, RowChange<TKey, TRow> folded) =>
        JsonDifference.Of(held, folded.Row is { } row ? store.AsHeld(row) : null);

    private async Task<(long Position, IReadOnlyDictionary<TKey, JsonElement> Rows)> Held(
        IReadOnlyCollection<TKey> keys, CancellationToken cancellationToken)
    {
        using (await session.Turn(cancellationToken))
        {
            try
            {
                return (session.Position, await store.ReadHeld(keys, session, cancellationToken));
            }
            catch (JsonException)
            {
                return (session.Position, await HeldOneByOne(keys, cancellationToken));
            }
        }
    }

    /// <summary>
    /// One of them is no row: each is read by itself, and that one differs from whatever the log says.
    /// </summary>
    private async Task<IReadOnlyDictionary<TKey, JsonElement>> HeldOneByOne(
        IReadOnlyCollection<TKey> keys, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<TKey, JsonElement>();
        foreach (var key in keys)
        {
            try
            {
                foreach (var (_, row) in await store.ReadHeld([key], session, cancellationToken))
                    rows.Add(key, row);
            }
            catch (JsonException unreadable)
            {
                rows.Add(key, JsonSerializer.SerializeToElement($"unreadable: {unreadable.Message}"));
            }
        }

        return rows;
    }

    /// <summary>What the row should be at a position; null: it cannot be told.</summary>
    private async Task<RowChange<TKey, TRow>?> Fold(TKey key, long position, CancellationToken cancellationToken)
    {
        var events = new List<RecordedEvent>();
        foreach (var end in EntityStreams.Of(key))
        {
            if (await Read(end, position, cancellationToken) is not { } read)
                return null;
            events.AddRange(read);
        }

        if (events.Exists(session.Parked.Holds))
            return null;
        events.Sort((left, right) => left.Position.CompareTo(right.Position));
        var (changes, poison) = projection.Fold(events, NoRows, ParkedStreams.None);
        return poison.Count > 0
            ? null
            : changes.Rows.Where(change => change.Key.Equals(key))
                .DefaultIfEmpty(new RowChange<TKey, TRow>(key, null, position))
                .First();
    }

    /// <returns>Null: the end that was read does not reach back far enough, or is not to be read.</returns>
    private async Task<IReadOnlyList<RecordedEvent>?> Read(
        StreamEnd end, long position, CancellationToken cancellationToken)
    {
        var events = new List<RecordedEvent>();
        var first = long.MaxValue;
        try
        {
            var newest = log.ReadStream(
                end.Stream, direction: ReadDirection.Backward, limit: end.Last, cancellationToken: cancellationToken);
            await foreach (var recorded in newest)
            {
                first = recorded.Version;
                if (recorded.Position <= position && recorded.Position > session.Build.From)
                    events.Add(recorded);
            }
        }
        catch (Exception exception) when (exception is ArchivedEventsException or EventDataException)
        {
            return null;
        }

        return first is 1 or long.MaxValue || events.Count >= EnoughOfAnEnd ? events : null;
    }

    /// <summary>Folds anew in the session's turn: the model may have moved on since it was compared.</summary>
    private async Task Repair(TKey key, CancellationToken cancellationToken)
    {
        using (await session.Turn(cancellationToken))
        {
            if (await Fold(key, session.Position, cancellationToken) is { } row)
                await store.Repair([row], session, cancellationToken);
        }
    }
}
