using System.Collections.Concurrent;

namespace Portable.Messaging.Tests;

/// <summary>What handlers noted, and a way to wait for it.</summary>
public sealed class Recorder
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<(object Message, IReadOnlyDictionary<string, string> Headers)> noted = [];
    private readonly SemaphoreSlim changed = new(0);

    public IEnumerable<object> Messages => noted.Select(n => n.Message);

    public IEnumerable<IReadOnlyDictionary<string, string>> Headers => noted.Select(n => n.Headers);

    public void Note(object message, IReadOnlyDictionary<string, string>? headers = null)
    {
        noted.Enqueue((message, headers ?? new Dictionary<string, string>()));
        changed.Release();
    }

    public int Count<T>() => Messages.OfType<T>().Count();

    /// <summary>The notes of type <typeparamref name="T"/>, once there are so many.</summary>
    public async Task<T[]> Wait<T>(int count = 1)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        while (Count<T>() < count)
        {
            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException(
                    $"{Count<T>()} of {count} {typeof(T).Name} came within {Patience}: "
                    + string.Join(", ", Messages));
            }
        }

        return [.. Messages.OfType<T>()];
    }
}
