using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;

namespace QueryApi.Caching;

/// <summary>
/// Answers in memory, bounded in bytes, the least recently used leave first. Whether an answer still holds is not
/// decided here: see <see cref="Validity"/>. What is missing is read once, however many ask for it at the same time.
/// </summary>
internal sealed class AnswerCache(QueryApiSettings settings) : IDisposable
{
    private readonly MemoryCache answers = new(new MemoryCacheOptions
    {
        SizeLimit = settings.CacheSize,
        CompactionPercentage = 0.1,
    });

    private readonly ConcurrentDictionary<string, Lazy<Task<object>>> reads = new(StringComparer.Ordinal);

    /// <summary>The key of a request: the tenant and the target as it was sent.</summary>
    public static string Key(string tenant, string target) => $"{tenant}\n{target}";

    public CachedAnswer? Find(string key) => answers.TryGetValue(key, out var found) ? (CachedAnswer?)found : null;

    /// <summary>As <see cref="Find(string)"/>, without making the key.</summary>
    public CachedAnswer? Find(string tenant, string target)
    {
        const int InPlace = 512;
        var length = tenant.Length + 1 + target.Length;
        if (length > InPlace)
            return Find(Key(tenant, target));
        Span<char> key = stackalloc char[length];
        tenant.CopyTo(key);
        key[tenant.Length] = '\n';
        target.CopyTo(key[(tenant.Length + 1)..]);
        return answers.TryGetValue(key, out var found) ? (CachedAnswer?)found : null;
    }

    /// <summary>Keeps an answer, unless one is there that shows more.</summary>
    public void Keep(string key, CachedAnswer answer)
    {
        if (answer.Size > settings.CacheSize / 100
            || (Find(key) is { } there && there.Build == answer.Build && there.Mark.Position > answer.Mark.Position))
            return;
        answers.Set(key, answer, new MemoryCacheEntryOptions
        {
            Size = answer.Size,
            AbsoluteExpirationRelativeToNow = settings.CacheFor,
        });
    }

    /// <summary>
    /// Reads what the key stands for, or joins a read that is under way; <c>Joined</c> tells which.
    /// </summary>
    /// <param name="read">Serves all who join, so it must not end with any one of their requests.</param>
    public async Task<(T Outcome, bool Joined)> ReadOnce<T>(
        string key, Func<Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        var mine = new Lazy<Task<object>>(async () =>
        {
            try
            {
                return await read();
            }
            finally
            {
                reads.TryRemove(key, out _);
            }
        });
        var running = reads.GetOrAdd(key, mine);
        var outcome = await running.Value.WaitAsync(cancellationToken);
        return ((T)outcome, !ReferenceEquals(running, mine));
    }

    public void Dispose() => answers.Dispose();
}
