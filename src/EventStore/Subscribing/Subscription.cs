using System.Runtime.CompilerServices;
using EventStore.Reading;
using Microsoft.Extensions.Logging;

namespace EventStore.Subscribing;

/// <summary>Follows the log without end.</summary>
internal sealed class Subscription(LogReader reader, LogHead heads, LogSignal signal, ILogger logger)
{
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    public async IAsyncEnumerable<EventBatch> Follow(
        long after, SubscriptionOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        options.Check();
        // Each enumeration is a subscriber of its own.
        var following = new Following(reader, heads, signal, logger, options);
        await foreach (var batch in following.Batches(after, cancellationToken))
            yield return batch;
    }
}
