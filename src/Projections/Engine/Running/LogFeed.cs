using EventStore;

namespace Projections.Engine.Running;

/// <summary>
/// Follows the end of the log for all models of the process, so that each event is read and decoded once. The last few
/// thousand events are kept; a model that is further behind reads the log by itself until it has come that far.
/// </summary>
/// <param name="types">The stored names of the events that any model takes.</param>
internal sealed class LogFeed(IEventStore log, IReadOnlyCollection<string> types, ILogger<LogFeed> logger)
    : BackgroundService
{
    private const int BatchSize = 1000;
    private const int Kept = 4000;

    /// <summary>Events that arrive within this time of each other are read together.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// How long a position that the bus has told of may stay unread before the log is looked at anew. The store's own
    /// notification comes first, as a rule.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();

    /// <summary>In order of their positions; what is beyond <see cref="Kept"/> leaves when it is as much again.</summary>
    private readonly List<RecordedEvent> kept = [];
    private volatile TaskCompletionSource next = New();
    private CancellationTokenSource? reading;
    private bool started;
    private long from;
    private long wanted;
    private bool due;

    /// <summary>Everything up to here has been read.</summary>
    public long Position { get; private set; }

    /// <summary>Completes with the next batch; take it before looking.</summary>
    public Task Next() => next.Task;

    /// <summary>What is kept behind a position.</summary>
    /// <returns>
    /// The next events of these types, at most <paramref name="limit"/>; a batch that goes no further than the position
    /// where there is nothing new; null where the feed does not reach back that far.
    /// </returns>
    public EventBatch? After(long position, IReadOnlySet<string> taken, int limit)
    {
        lock (gate)
        {
            if (!started || position < from)
                return null;
            if (position >= Position)
                return new EventBatch([], position, Math.Max(position, Position));
            List<RecordedEvent> events = [];
            for (var i = FirstBehind(position); i < kept.Count && events.Count < limit; i++)
            {
                if (taken.Contains(kept[i].Type))
                    events.Add(kept[i]);
            }

            return new EventBatch(events, events.Count == limit ? events[^1].Position : Position, Position);
        }
    }

    /// <summary>Whether a model at this position can go on from the feed.</summary>
    public bool Reaches(long position)
    {
        lock (gate) return started && position >= from;
    }

    /// <summary>
    /// The bus says that the log has reached a position. Costs nothing where the feed has passed it, or is about to.
    /// </summary>
    public void Advanced(long position)
    {
        lock (gate)
        {
            wanted = Math.Max(wanted, position);
            if (!started || wanted <= Position || due)
                return;
            due = true;
        }

        _ = LookAnewUnlessRead();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            using var turn = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            lock (gate) reading = turn;
            try
            {
                await Read(turn.Token);
            }
            catch (OperationCanceledException) when (turn.IsCancellationRequested)
            {
                // Stopping, or to look anew at once.
            }
            catch (Exception exception)
            {
                logger.LogWarning(exception, "The end of the log cannot be followed; trying again.");
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            finally
            {
                lock (gate) reading = null;
            }
        }
    }

    private async Task Read(CancellationToken cancellationToken)
    {
        if (!started)
            Begin(await log.ReadHead(cancellationToken));
        var options = new SubscriptionOptions(new LogFilter(types), BatchSize);
        await foreach (var batch in log.Subscribe(Position, options, cancellationToken))
        {
            Keep(batch);
            if (batch.Events.Count < BatchSize)
                await Task.Delay(Interval, cancellationToken);
        }
    }

    private void Begin(long position)
    {
        lock (gate)
        {
            (from, Position, started) = (position, position, true);
        }

        Tell();
    }

    private void Keep(EventBatch batch)
    {
        lock (gate)
        {
            Position = batch.Position;
            kept.AddRange(batch.Events);
            if (kept.Count > 2 * Kept)
            {
                from = kept[^(Kept + 1)].Position;
                kept.RemoveRange(0, kept.Count - Kept);
            }
        }

        Tell();
    }

    /// <summary>The index of the first event behind a position, by halving.</summary>
    private int FirstBehind(long position)
    {
        var (low, high) = (0, kept.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (kept[middle].Position <= position)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void Tell() => Interlocked.Exchange(ref next, New()).TrySetResult();

    private async Task LookAnewUnlessRead()
    {
        await Task.Delay(Patience);
        lock (gate)
        {
            due = false;
            if (wanted > Position)
                reading?.Cancel();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
