using StackExchange.Redis;

namespace Projections.Engine.Redis;

/// <summary>Commands queued in a transaction, and their outcome once it has run.</summary>
internal sealed class RedisCommands(ITransaction transaction, string storage) : IRedisTotals
{
    private readonly List<Task> queued = [];

    public void Set(string key, string value) => queued.Add(transaction.StringSetAsync(key, value));

    public void Delete(string key) => queued.Add(transaction.KeyDeleteAsync(key));

    public void SetHash(string key, IReadOnlyList<(string Name, RedisValue Value)> fields) =>
        queued.Add(transaction.HashSetAsync(key, [.. fields.Select(field => new HashEntry(field.Name, field.Value))]));

    public void Increment(string key, string member, long by) =>
        queued.Add(transaction.SortedSetIncrementAsync(storage + key, member, by));

    public void SetField(string key, string field, string value) =>
        queued.Add(transaction.HashSetAsync(storage + key, field, value));

    /// <summary>
    /// Every queued command's own answer: one can fail (a key of another type) in a transaction that ran.
    /// </summary>
    public Task Outcome(TimeSpan timeout, CancellationToken cancellationToken) =>
        Task.WhenAll(queued).WaitAsync(timeout, cancellationToken);
}
