using System.Collections.Concurrent;

namespace QueryApi.Consistency;

/// <summary>
/// How far every projection is known to have come, and the requests that wait for one to come further.
/// <see cref="CheckpointFeed"/> alone writes here, as it learns of checkpoints; the waiters that a checkpoint satisfies
/// wake at once, nobody polls.
/// </summary>
/// <param name="capacity">Requests that may wait at the same time, over all projections.</param>
internal sealed class Freshness(int capacity)
{
    /// <summary>Checkpoints are read every second.</summary>
    private const long LongestSilence = 3_000;

    private readonly ConcurrentDictionary<string, Waiters> projections = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Checkpoint> checkpoints = new(StringComparer.Ordinal);
    private int waiting;
    private long heardAt = long.MinValue / 2;

    /// <summary>
    /// Nobody has told for a while how far models are: the database that tells is away. What is known is then old.
    /// </summary>
    public bool IsBlind => Environment.TickCount64 - Volatile.Read(ref heardAt) > LongestSilence;

    /// <summary>All checkpoints were read just now.</summary>
    public void Heard() => Volatile.Write(ref heardAt, Environment.TickCount64);

    /// <summary>The connection that tells of checkpoints is lost.</summary>
    public void Lost() => Volatile.Write(ref heardAt, long.MinValue / 2);

    /// <summary>The projection's checkpoint when it was last read; null as long as there is none.</summary>
    public Checkpoint? Last(string projection) => checkpoints.GetValueOrDefault(projection);

    /// <summary>The highest position known of a projection; 0 before the first report.</summary>
    public long Position(string projection) => Of(projection).Position;

    /// <summary>
    /// Learns from a notification that a model shows everything up to a position. A lower one changes nothing.
    /// </summary>
    public void Advance(string projection, long position) => Of(projection).Advance(position);

    /// <summary>
    /// Learns a checkpoint as it was read. The position may be lower than known: a model can be filled anew.
    /// </summary>
    public void Update(Checkpoint checkpoint)
    {
        checkpoints[checkpoint.Projection] = checkpoint;
        Of(checkpoint.Projection).MoveTo(checkpoint.Position);
    }

    /// <summary>Waits until the projection is known to have reached a position.</summary>
    public async ValueTask<WaitOutcome> WaitFor(
        string projection, long position, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var waiters = Of(projection);
        if (waiters.Position >= position)
            return WaitOutcome.Reached;
        if (timeout <= TimeSpan.Zero)
            return WaitOutcome.TimedOut;

        var waiter = new Waiter(position);
        try
        {
            if (Interlocked.Increment(ref waiting) > capacity)
                return WaitOutcome.TooManyWaiting;
            if (!waiters.Add(waiter))
                return WaitOutcome.Reached;
            await waiter.Reached.Task.WaitAsync(timeout, cancellationToken);
            return WaitOutcome.Reached;
        }
        catch (TimeoutException)
        {
            return WaitOutcome.TimedOut;
        }
        finally
        {
            waiters.Remove(waiter);
            Interlocked.Decrement(ref waiting);
        }
    }

    private Waiters Of(string projection) => projections.GetOrAdd(projection, static _ => new Waiters());

    private sealed class Waiter(long position)
    {
        private static long created;

        public long Position { get; } = position;

        public long Number { get; } = Interlocked.Increment(ref created);

        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>The waiters of one projection, the one that waits for the lowest position first.</summary>
    private sealed class Waiters
    {
        private readonly Lock gate = new();
        private readonly SortedSet<Waiter> byPosition = new(Comparer<Waiter>.Create(static (left, right) =>
            left.Position != right.Position
                ? left.Position.CompareTo(right.Position)
                : left.Number.CompareTo(right.Number)));

        private long position;

        public long Position => Volatile.Read(ref position);

        /// <returns>False if the position has been reached meanwhile: there is nothing to wait for.</returns>
        public bool Add(Waiter waiter)
        {
            lock (gate)
                return position < waiter.Position && byPosition.Add(waiter);
        }

        public void Remove(Waiter waiter)
        {
            lock (gate)
                byPosition.Remove(waiter);
        }

        public void Advance(long reached)
        {
            if (reached > Position)
                MoveTo(reached);
        }

        public void MoveTo(long reached)
        {
            lock (gate)
            {
                Volatile.Write(ref position, reached);
                while (byPosition.Min is { } first && first.Position <= reached)
                {
                    byPosition.Remove(first);
                    first.Reached.TrySetResult();
                }
            }
        }
    }
}

/// <summary>How a wait for a position ended.</summary>
internal enum WaitOutcome
{
    Reached,
    TimedOut,

    /// <summary>So many requests wait already that this one was turned away.</summary>
    TooManyWaiting,
}
