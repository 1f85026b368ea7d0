using Commerce.Contracts;
using Projections.Engine.Elasticsearch;
using Projections.Engine.Postgres;
using Projections.Engine.Redis;

namespace Projections.Engine;

/// <summary>
/// The declaration of a read model: its name, its version, the events it takes and what each does to a row. The rules
/// are pure: the engine loads the rows that a batch touches, folds the batch over them and saves the outcome.
/// </summary>
/// <typeparam name="TKey">A record: what identifies a row. Its properties name the key columns.</typeparam>
/// <typeparam name="TRow">
/// A record: the rest of the row. Its constructor's parameters name the other columns.
/// </typeparam>
/// <param name="name">Names the model for clients and operators; lower case, words joined by hyphens.</param>
/// <param name="version">Raise it with every change to the rules or the storage: the model is then filled anew.</param>
internal abstract class Projection<TKey, TRow>(string name, int version)
    where TKey : notnull
    where TRow : class
{
    private readonly Dictionary<Type, Rule<TKey, TRow>> rules = [];

    public string Name { get; } = name;

    public int Version { get; } = version;

    /// <summary>The stored names of the events it takes.</summary>
    public IReadOnlyCollection<string> EventTypes =>
        [.. EventCatalog.All.Where(known => rules.ContainsKey(known.Type)).Select(known => known.Name)];

    /// <summary>How it is stored in PostgreSQL, where it can be.</summary>
    public virtual PostgresStorage? Postgres => null;

    /// <summary>How it is stored in Redis, where it can be.</summary>
    public virtual RedisStorage<TKey, TRow>? Redis => null;

    /// <summary>How it is stored in Elasticsearch, where it can be.</summary>
    public virtual ElasticsearchStorage<TKey>? Elasticsearch => null;

    /// <summary>
    /// Whether every event makes its whole row: no rule needs what was there before, none adds to totals.
    /// </summary>
    internal bool MakesWholeRows => rules.Values.All(rule => !rule.NeedsRow);

    internal Rule<TKey, TRow>? RuleFor(object @event) => rules.GetValueOrDefault(@event.GetType());

    /// <summary>The event makes the row, whatever was there before.</summary>
    protected void Start<TEvent>(Func<TEvent, TKey> key, Func<TEvent, RecordedAt, TRow> make)
        where TEvent : ICommerceEvent =>
        Add(key, needsRow: false, (_, _, @event, at, _) => make(@event, at));

    /// <summary>The event changes a row that must be there; without it the event's stream is parked.</summary>
    protected void Change<TEvent>(Func<TEvent, TKey> key, Func<TRow, TEvent, RecordedAt, TRow> change)
        where TEvent : ICommerceEvent =>
        Add(key, needsRow: true, (id, row, @event, at, _) => change(Existing(id, row), @event, at));

    /// <summary>The event changes the row, or makes it where there is none.</summary>
    protected void Upsert<TEvent>(Func<TEvent, TKey> key, Func<TRow?, TEvent, RecordedAt, TRow> change)
        where TEvent : ICommerceEvent =>
        Add(key, needsRow: true, (_, row, @event, at, _) => change(row, @event, at));

    /// <summary>The event removes a row that must be there, and may add to the totals what the row stood for.</summary>
    protected void End<TEvent>(Func<TEvent, TKey> key, Action<TRow, TEvent, RecordedAt, ITotals>? add = null)
        where TEvent : ICommerceEvent =>
        Add(key, needsRow: true, (id, row, @event, at, totals) =>
        {
            add?.Invoke(Existing(id, row), @event, at, totals);
            return null;
        });

    private void Add<TEvent>(
        Func<TEvent, TKey> key, bool needsRow, Func<TKey, TRow?, TEvent, RecordedAt, ITotals, TRow?> apply)
        where TEvent : ICommerceEvent
    {
        if (EventCatalog.All.All(known => known.Type != typeof(TEvent)))
        {
            throw new ArgumentException(
                $"{Name} takes {typeof(TEvent)}, which EventCatalog does not list: add it there.");
        }


        var rule = new Rule<TKey, TRow>(
            @event => key((TEvent)@event),
            needsRow,
            (id, row, @event, at, totals) => apply(id, row, (TEvent)@event, at, totals));
        if (!rules.TryAdd(typeof(TEvent), rule))
            throw new ArgumentException($"{Name} says twice what {typeof(TEvent).Name} does: keep one rule.");
    }

    private TRow Existing(TKey key, TRow? row) =>
        row ?? throw new MissingRowException($"{Name} has no row {key} for the event to change.");
}

/// <summary>When an event was decided, and where it is in the log.</summary>
internal readonly record struct RecordedAt(DateTimeOffset Time, long Position);

/// <summary>Figures that a model adds up: revenue by day, units by product.</summary>
internal interface ITotals
{
    /// <param name="group">A record: what the figures are for. Its properties name the key columns.</param>
    void Add(object group, long count, decimal amount = 0);
}

/// <summary>An event came for a row that is not there.</summary>
internal sealed class MissingRowException(string message) : Exception(message);

/// <param name="NeedsRow">Whether the outcome depends on the row before; if not, the row is not loaded.</param>
/// <param name="Apply">The row after the event; null removes it.</param>
internal sealed record Rule<TKey, TRow>(
    Func<object, TKey> Key,
    bool NeedsRow,
    Func<TKey, TRow?, object, RecordedAt, ITotals, TRow?> Apply);
