namespace Projections.Engine;

/// <summary>
/// What a batch of events does to a model: the rows it touches as they are afterwards, and what it adds up.
/// </summary>
internal sealed class ModelChanges<TKey, TRow>
    where TKey : notnull
    where TRow : class
{
    private readonly Dictionary<TKey, RowChange<TKey, TRow>> rows = [];
    private readonly Dictionary<object, Figures> totals = [];

    public IReadOnlyCollection<RowChange<TKey, TRow>> Rows => rows.Values;

    public IReadOnlyDictionary<object, Figures> Totals => totals;

    public bool IsEmpty => rows.Count == 0 && totals.Count == 0;

    /// <summary>
    /// The row as the batch left it; <paramref name="found"/> tells whether the batch has touched it.
    /// </summary>
    public TRow? Find(TKey key, out bool found)
    {
        found = rows.TryGetValue(key, out var change);
        return change?.Row;
    }

    /// <summary>Whether the changes touch a row.</summary>
    public bool Holds(TKey key) => rows.ContainsKey(key);

    /// <summary>The changes of parts that have no row in common.</summary>
    public static ModelChanges<TKey, TRow> Of(IReadOnlyList<ModelChanges<TKey, TRow>> parts)
    {
        if (parts.Count == 1)
            return parts[0];
        var all = new ModelChanges<TKey, TRow>();
        all.rows.EnsureCapacity(parts.Sum(part => part.rows.Count));
        foreach (var part in parts)
        {
            foreach (var (key, change) in part.rows)
                all.rows.Add(key, change);
            foreach (var (group, figures) in part.totals)
                all.Add(group, figures);
        }

        return all;
    }

    public void Set(TKey key, TRow? row, long position) => rows[key] = new(key, row, position);

    public void Add(object group, Figures figures) =>
        totals[group] = totals.TryGetValue(group, out var sum) ? sum + figures : figures;
}

/// <param name="Row">The row as it is now; null: it is gone.</param>
/// <param name="Position">The last event that changed it.</param>
internal sealed record RowChange<TKey, TRow>(TKey Key, TRow? Row, long Position);

/// <summary>Two sums that every total has; a model uses the one, the other or both.</summary>
internal readonly record struct Figures(long Count, decimal Amount)
{
    public static Figures operator +(Figures left, Figures right) =>
        new(left.Count + right.Count, left.Amount + right.Amount);
}
