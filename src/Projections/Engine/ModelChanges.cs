using System.Runtime.InteropServices;

namespace Projections.Engine;

/// <summary>
/// What a batch of events does to a model: the rows it touches as they are afterwards, and what it adds up.
/// </summary>
internal sealed class ModelChanges<TKey, TRow>
    where TKey : notnull
    where TRow : class
{
    private readonly Dictionary<TKey, int> places = [];
    private readonly List<RowChange<TKey, TRow>> rows = [];
    private readonly Dictionary<object, Figures> totals = [];
    private readonly HashSet<int> changedAgain = [];

    /// <summary>In the order in which they were first touched.</summary>
    public IReadOnlyList<RowChange<TKey, TRow>> Rows => rows;

    public IReadOnlyDictionary<object, Figures> Totals => totals;

    public bool IsEmpty => rows.Count == 0 && totals.Count == 0;

    /// <summary>How many rows were taken: the first ones.</summary>
    public int Taken { get; private set; }

    /// <summary>How many of them have changed again since.</summary>
    public int ChangedAgain => changedAgain.Count;

    /// <summary>The changes of parts that have no row in common.</summary>
    public static ModelChanges<TKey, TRow> Of(IReadOnlyList<ModelChanges<TKey, TRow>> parts)
    {
        if (parts.Count == 1)
            return parts[0];
        var all = new ModelChanges<TKey, TRow>();
        var count = parts.Sum(part => part.rows.Count);
        all.places.EnsureCapacity(count);
        all.rows.EnsureCapacity(count);
        foreach (var part in parts)
        {
            foreach (var (key, row, position) in part.rows)
                all.Set(key, row, position);
            all.AddTotals(part);
        }

        return all;
    }

    /// <summary>What parts add up together.</summary>
    public static IReadOnlyDictionary<object, Figures> TotalsOf(IReadOnlyList<ModelChanges<TKey, TRow>> parts)
    {
        var all = new ModelChanges<TKey, TRow>();
        foreach (var part in parts)
            all.AddTotals(part);
        return all.totals;
    }

    /// <summary>
    /// The row as the batch left it; <paramref name="found"/> tells whether the batch has touched it.
    /// </summary>
    public TRow? Find(TKey key, out bool found)
    {
        found = places.TryGetValue(key, out var place);
        return found ? rows[place].Row : null;
    }

    /// <summary>Whether the changes touch a row.</summary>
    public bool Holds(TKey key) => places.ContainsKey(key);

    public void Set(TKey key, TRow? row, long position)
    {
        var change = new RowChange<TKey, TRow>(key, row, position);
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, key, out var known);
        if (!known)
        {
            place = rows.Count;
            rows.Add(change);
            return;
        }

        rows[place] = change;
        if (place < Taken)
            changedAgain.Add(place);
    }

    public void Add(object group, Figures figures) =>
        totals[group] = totals.TryGetValue(group, out var sum) ? sum + figures : figures;

    /// <summary>The rows that were not taken before, except the last so many. They are still held.</summary>
    public IReadOnlyList<RowChange<TKey, TRow>> Take(int except)
    {
        var from = Taken;
        Taken = Math.Max(rows.Count - except, from);
        return rows.GetRange(from, Taken - from);
    }

    /// <summary>The rows that were taken and have changed again.</summary>
    public IEnumerable<RowChange<TKey, TRow>> TakenAndChanged() => changedAgain.Select(place => rows[place]);

    private void AddTotals(ModelChanges<TKey, TRow> part)
    {
        foreach (var (group, figures) in part.totals)
            Add(group, figures);
    }
}

/// <param name="Row">The row as it is now; null: it is gone.</param>
/// <param name="Position">The last event that changed it.</param>
internal readonly record struct RowChange<TKey, TRow>(TKey Key, TRow? Row, long Position)
    where TRow : class;

/// <summary>Two sums that every total has; a model uses the one, the other or both.</summary>
internal readonly record struct Figures(long Count, decimal Amount)
{
    public static Figures operator +(Figures left, Figures right) =>
        new(left.Count + right.Count, left.Amount + right.Amount);
}
