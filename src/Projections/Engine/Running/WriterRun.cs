using System.Diagnostics;
using EventStore;
using Projections.Engine.Checkpoints;

namespace Projections.Engine.Running;

/// <summary>Keeps the live build up to date: applies batches, and looks whether the store still holds them.</summary>
internal sealed class WriterRun(IReadModel model, ProjectionEnvironment environment, WriterSession session)
{
    private const int LargestBatch = 4000;
    private const int SmallestBatch = 100;

    /// <summary>
    /// Batches of a model that is behind grow and shrink to take about this long: readers of the checkpoint see it
    /// move, and a slow store gets less at a time.
    /// </summary>
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// A model that is up to date rests as long as its last batch took, within these bounds. So the first event after a
    /// pause goes at once, and the busier the machine, the more events share a transaction.
    /// </summary>
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(20);

    /// <summary>After a batch without events for this model, which only moved its checkpoint.</summary>
    private static readonly TimeSpan EmptyRest = TimeSpan.FromMilliseconds(100);

    /// <summary>How long to wait for the feed's first look at the log before reading on one's own.</summary>
    private static readonly TimeSpan FeedPatience = TimeSpan.FromMilliseconds(500);

    private readonly HashSet<string> types = [.. model.EventTypes];
    private int size = LargestBatch / 4;

    private readonly IEventStore log = environment.Log;
    private readonly LogFeed feed = environment.Feed;
    private readonly ILogger logger = environment.Logger;

    /// <summary>Whether the store was there, and the model is followed.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Runs until something fails or it is stopped; always ends with an exception.</summary>
    public async Task ToTheEnd(Build build, CancellationToken cancellationToken)
    {
        using (await session.Turn(cancellationToken))
            await Begin(build, cancellationToken);
        HasBegun = true;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] tasks =
        [
            Follow(ending.Token), WatchStore(ending.Token),
            .. environment.Checks is { } checks
                ? [checks.Follow(model, log, session, logger, ending.Token)]
                : Array.Empty<Task>(),
        ];
        var first = await Task.WhenAny(tasks);
        await ending.CancelAsync();
        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    /// <summary>Goes to the checkpoint that the store really holds.</summary>
    private async Task Begin(Build build, CancellationToken cancellationToken)
    {
        await session.Take(build, cancellationToken);
        var held = await model.Open(session, cancellationToken);
        await CheckAgainstLog(held, cancellationToken);
        if (held != session.Position)
        {
            logger.LogWarning(
                "{Projection} holds {Held}, its checkpoint said {Position}: it goes on from {Held}.",
                model.Name, held, session.Position, held);
            await session.Rewind(held, cancellationToken);
        }

        logger.LogInformation(
            "{Projection} version {Version} is filled by this instance: {Storage} ({Store}) from {Position} on.",
            model.Name, model.Version, build.Storage, model.Store, held);
    }

    /// <summary>
    /// A model that knows more than the log was filled from another log: nothing it says can be trusted.
    /// </summary>
    private async Task CheckAgainstLog(long held, CancellationToken cancellationToken)
    {
        if (held == 0)
            return;
        var end = await log.ReadHead(cancellationToken);
        if (held > end)
        {
            throw new InvalidOperationException(
                $"{model.Name} holds position {held}, but the log ends at {end}: it was filled from another log, or "
                + $"the log was put back to an older state. Rebuild it: cqrs projection rebuild {model.Name}.");
        }
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
        batch.Events.Count == 0 ? EmptyRest
        : took > LongestRest ? LongestRest
        : took > ShortestRest ? took
        : ShortestRest;

    private async Task Apply(EventBatch batch, CancellationToken cancellationToken)
    {
        using var activity = ProjectionTelemetry.StartBatch(model.Name, batch);
        try
        {
            IReadOnlyList<PoisonEvent> poison;
            using (await session.Turn(cancellationToken))
                poison = await model.Apply(batch, AsOf(batch.Position), session, cancellationToken);
            logger.Parked(model.Name, poison);
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            throw;
        }

        ProjectionTelemetry.Applied(model.Name, batch);
    }

    /// <summary>Looks once a second whether the store still holds what was written to it.</summary>
    private async Task WatchStore(CancellationToken cancellationToken)
    {
        while (true)
        {
            ProjectionTelemetry.LeftOut(model.Name, session.Parked.Count);
            await Task.Delay(WatchInterval, cancellationToken);
            using (await session.Turn(cancellationToken))
            {
                var held = await model.ReadPosition(session, cancellationToken);
                if (held != session.Position)
                {
                    throw new ModelLostException(
                        $"The store holds position {held}, not {session.Position} where it was left: it was flushed, "
                        + "emptied or put back.");
                }
            }
        }
    }

    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    /// <summary>The time at which a model of this position held the whole log, where the last sample tells.</summary>
    private DateTimeOffset? AsOf(long position) =>
        environment.Head.Last is { } sample && position >= sample.Position ? sample.Time : null;
}
