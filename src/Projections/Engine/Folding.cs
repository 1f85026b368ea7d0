using EventStore;

namespace Projections.Engine;

/// <summary>The pure part of a projection at work: events in, changes out.</summary>
internal static class Folding
{
    /// <summary>The rows that must be known before the events can be folded.</summary>
    /// <param name="everyKey">Also the rows that an event makes before any other needs them.</param>
    public static IReadOnlyCollection<TKey> KeysToLoad<TKey, TRow>(
        this Projection<TKey, TRow> projection,
        IReadOnlyList<RecordedEvent> events,
        ParkedStreams parked,
        bool everyKey = false)
        where TKey : notnull
        where TRow : class
    {
        var touched = new HashSet<TKey>();
        var needed = new List<TKey>();
        foreach (var recorded in events)
        {
            if (parked.Holds(recorded) || projection.RuleFor(recorded.Data) is not { } rule)
                continue;
            if (TryKey(rule, recorded, out var key) && touched.Add(key) && (rule.NeedsRow || everyKey))
                needed.Add(key);
        }

        return needed;
    }

    /// <summary>
    /// Folds events over rows. An event whose rule throws is poison: it leaves no trace in the changes, its stream is
    /// parked from that event on, and the other streams go on.
    /// </summary>
    /// <param name="onto">Changes made before, to go on from.</param>
    /// <returns>The changes, and the events that could not be applied: the first of each stream.</returns>
    public static (ModelChanges<TKey, TRow> Changes, IReadOnlyList<PoisonEvent> Poison) Fold<TKey, TRow>(
        this Projection<TKey, TRow> projection,
        IReadOnlyList<RecordedEvent> events,
        IReadOnlyDictionary<TKey, TRow> rows,
        ParkedStreams parked,
        ModelChanges<TKey, TRow>? onto = null)
        where TKey : notnull
        where TRow : class
    {
        var changes = onto ?? new ModelChanges<TKey, TRow>();
        var poison = new List<PoisonEvent>();
        var additions = new Additions();
        foreach (var recorded in events)
        {
            if (parked.Holds(recorded) || Apply(projection, recorded, rows, changes, additions) is not { } error)
                continue;
            var refused = new PoisonEvent(recorded, error);
            parked = parked.With(refused);
            poison.Add(refused);
        }

        return (changes, poison);
    }

    /// <summary>
    /// The row that an event is about; none where the projection does not take it, or it cannot be told.
    /// </summary>
    public static bool TryKeyOf<TKey, TRow>(
        this Projection<TKey, TRow> projection, RecordedEvent recorded, out TKey key)
        where TKey : notnull
        where TRow : class
    {
        key = default!;
        return projection.RuleFor(recorded.Data) is { } rule && TryKey(rule, recorded, out key);
    }

    /// <returns>What is wrong with the event; null: it is applied, or the projection does not take it.</returns>
    private static Exception? Apply<TKey, TRow>(
        Projection<TKey, TRow> projection,
        RecordedEvent recorded,
        IReadOnlyDictionary<TKey, TRow> rows,
        ModelChanges<TKey, TRow> changes,
        Additions additions)
        where TKey : notnull
        where TRow : class
    {
        if (recorded.Data is UnreadableEvent unreadable)
            return unreadable.Error;
        if (projection.RuleFor(recorded.Data) is not { } rule)
            return null;
        try
        {
            Apply(rule, recorded, rows, changes, additions);
            return null;
        }
        // Whatever a rule throws is about this event: the fold touches nothing that could be away.
        catch (Exception exception)
        {
            return exception;
        }
    }

    private static void Apply<TKey, TRow>(
        Rule<TKey, TRow> rule,
        RecordedEvent recorded,
        IReadOnlyDictionary<TKey, TRow> rows,
        ModelChanges<TKey, TRow> changes,
        Additions additions)
        where TKey : notnull
        where TRow : class
    {
        var key = rule.Key(recorded.Data);
        var before = changes.Find(key, out var touched);
        if (!touched)
            before = rows.GetValueOrDefault(key);

        additions.All.Clear();
        var after = rule.Apply(
            key, before, recorded.Data, new RecordedAt(recorded.Metadata.Time, recorded.Position), additions);
        changes.Set(key, after, recorded.Position);
        foreach (var (group, figures) in additions.All)
            changes.Add(group, figures);
    }

    private static bool TryKey<TKey, TRow>(Rule<TKey, TRow> rule, RecordedEvent recorded, out TKey key)
    {
        try
        {
            key = rule.Key(recorded.Data);
            return true;
        }
        // The fold meets the same event again and parks it.
        catch (Exception)
        {
            key = default!;
            return false;
        }
    }

    /// <summary>Held back until the rule has come to its end, so that a rule that throws has added nothing.</summary>
    private sealed class Additions : ITotals
    {
        public List<(object Group, Figures Figures)> All { get; } = [];

        public void Add(object group, long count, decimal amount) => All.Add((group, new Figures(count, amount)));
    }
}
