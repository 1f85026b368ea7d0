using StackExchange.Redis;

namespace Projections.Engine.Redis;

/// <summary>
/// How a projection's rows are kept in Redis. All keys of a build begin with its storage, which keeps them together.
/// </summary>
/// <param name="Key">A row's key, behind the storage, beginning with a slash.</param>
/// <param name="Fields">
/// A row as the fields of a hash; <c>position</c> is added. Only for rows that events make and never change. Null: the
/// row is one string of JSON, and can be changed.
/// </param>
/// <param name="Total">Writes what a total adds.</param>
internal sealed record RedisStorage<TKey, TRow>(
    Func<TKey, string> Key,
    Func<TRow, IEnumerable<(string Name, RedisValue Value)>>? Fields,
    Action<object, Figures, IRedisTotals>? Total = null);

/// <summary>What a total may do. Keys are relative to the build's storage.</summary>
internal interface IRedisTotals
{
    /// <summary>Adds to the score of a member of a sorted set.</summary>
    void Increment(string key, string member, long by);

    /// <summary>Sets a field of a hash.</summary>
    void SetField(string key, string field, string value);
}
