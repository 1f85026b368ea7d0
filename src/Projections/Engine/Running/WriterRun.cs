using System.Diagnostics;
using EventStore;
using Projections.Engine.Checkpoints;

namespace Projections.Engine.Running;

/// <summary>The time that this instance is the writer of a model: applies batches, and gives signs of life.</summary>
internal sealed class WriterRun(
    IReadModel model,
    IEventStore log,
    LogFeed feed,
    LogHead head,
    WriterSession session,
    ProjectionProgress progress,
    ILogger logger)
{
    private const int LargestBatch = 4000;
    private const int SmallestBatch = 100;

    /// <summary>
    /// Batches of a model that is behind grow and shrink to take about this long: readers of the checkpoint see it move,
    /// and a slow store gets less at a time.
    /// </summary>
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// A model that is up to date rests as long as its last batch took, within these bounds. So the first event after a
    /// pause goes at once, and the busier the machine, the more events share a transaction.
    /// </summary>
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(50);

    /// <summary>How long to wait for the feed's first look at the log before reading on one's own.</summary>
    private static readonly TimeSpan FeedPatience = TimeSpan.FromMilliseconds(500);

    private readonly HashSet<string> types = [.. model.EventTypes];
    private int size = LargestBatch / 4;

    /// <summary>Runs until something fails or the program stops; always ends with an exception.</summary>
    public async Task ToTheEnd(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] tasks = [Follow(ending.Token), GiveSignsOfLife(ending.Token)];
        var first = await Task.WhenAny(tasks);
        await ending.CancelAsync();
        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    /// <summary>Goes on from the feed, or from the log itself for as long as the feed does not reach back.</summary>
    private async Task Follow(CancellationToken cancellationToken)
    {
        while (true)
        {
            var news = feed.Next();
            if (feed.After(session.Position, types, LargestBatch) is not { } batch)
            {
                await CatchUp(news, cancellationToken);
            }
            else if (batch.Position == session.Position)
            {
                await news.WaitAsync(cancellationToken);
            }
            else
            {
                var started = Stopwatch.GetTimestamp();
                await Apply(batch, cancellationToken);
                if (batch.Events.Count < LargestBatch)
                    await Task.Delay(Rest(batch, Stopwatch.GetElapsedTime(started)), cancellationToken);
            }
        }
    }

    /// <summary>While one batch is applied, the next is read.</summary>
    private async Task CatchUp(Task feedBegins, CancellationToken cancellationToken)
    {
        if (feed.Position == 0)
        {
            await feedBegins.WaitAsync(FeedPatience, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (feed.Reaches(session.Position))
            return;
        var options = new SubscriptionOptions(new LogFilter(model.EventTypes), LargestBatch);
        var batches = log.Subscribe(session.Position, options, cancellationToken).ReadAhead(cancellationToken);
        await foreach (var batch in batches)
        {
            foreach (var part in Parts(batch))
            {
                var started = Stopwatch.GetTimestamp();
                await Apply(part, cancellationToken);
                Resize(part, Stopwatch.GetElapsedTime(started));
            }

            if (feed.Reaches(session.Position))
                return;
        }
    }

    private IEnumerable<EventBatch> Parts(EventBatch batch)
    {
        var begin = 0;
        while (batch.Events.Count - begin > size)
        {
            var part = batch.Events.Skip(begin).Take(size).ToList();
            begin += part.Count;
            yield return new EventBatch(part, part[^1].Position, batch.Head);
        }

        yield return begin == 0 ? batch : batch with { Events = [.. batch.Events.Skip(begin)] };
    }

    private void Resize(EventBatch part, TimeSpan took)
    {
        if (took > BatchTime)
            size = Math.Max(SmallestBatch, size / 2);
        else if (took < BatchTime / 4 && part.Events.Count == size)
            size = Math.Min(LargestBatch, size * 2);
    }

    /// <summary>The rest after a batch. One that only moves the checkpoint is in no hurry.</summary>
    private static TimeSpan Rest(EventBatch batch, TimeSpan took) =>
        batch.Events.Count == 0 || took > LongestRest ? LongestRest : took > ShortestRest ? took : ShortestRest;

    private async Task Apply(EventBatch batch, CancellationToken cancellationToken)
    {
        using var activity = ProjectionTelemetry.StartBatch(model.Name, batch);
        try
        {
            IReadOnlyList<PoisonEvent> poison;
            using (await session.Turn(cancellationToken))
                poison = await model.Apply(batch, AsOf(batch.Position), session, cancellationToken);
            Report(poison);
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            throw;
        }

        progress.Reached(batch.Position);
        ProjectionTelemetry.Applied(model.Name, batch);
    }

    /// <summary>
    /// With every sample of the log's end: keeps the lease alive, says how fresh the model is, and looks whether the
    /// store still holds what was written to it.
    /// </summary>
    private async Task GiveSignsOfLife(CancellationToken cancellationToken)
    {
        while (true)
        {
            var sample = head.Last ?? await head.Next(cancellationToken);
            using (await session.Turn(cancellationToken))
            {
                var held = await model.ReadPosition(session, cancellationToken);
                if (held != session.Position)
                {
                    throw new ModelLostException(
                        $"The store holds position {held}, not {session.Position} where it was left: it was flushed, "
                        + "emptied or put back.");
                }

                await session.Heartbeat(sample.Position, AsOf(session.Position), cancellationToken);
                if (session.Build.State == BuildState.Building && session.Position >= sample.Position)
                    await GoLive(cancellationToken);
            }

            await WaitForSample(cancellationToken);
        }
    }

    /// <summary>
    /// The next sample; without one for a second (event store away) go on all the same, for the lease's sake.
    /// </summary>
    private async Task WaitForSample(CancellationToken cancellationToken)
    {
        try
        {
            await head.Next(cancellationToken).WaitAsync(HeartbeatInterval, cancellationToken);
        }
        catch (TimeoutException)
        {
            logger.LogDebug("{Projection} gives a sign of life without a new sample of the log's end.", model.Name);
        }
    }

    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(2);

    private async Task GoLive(CancellationToken cancellationToken)
    {
        await session.GoLive(model, cancellationToken);
        logger.LogInformation(
            "{Projection} version {Version} has caught up and is live now, in {Storage}.",
            model.Name, model.Version, session.Build.Storage);
    }

    /// <summary>The time at which a model of this position held the whole log, where the last sample tells.</summary>
    private DateTimeOffset? AsOf(long position) =>
        head.Last is { } sample && position >= sample.Position ? sample.Time : null;

    private void Report(IReadOnlyList<PoisonEvent> poison)
    {
        foreach (var (recorded, error) in poison)
        {
            ProjectionTelemetry.Failed(model.Name);
            logger.LogError(
                error, "{Projection} parked the stream {Stream}: {Type} at version {Version}, position {Position}.",
                model.Name, recorded.Stream, recorded.Type, recorded.Version, recorded.Position);
        }
    }
}
