using System.Diagnostics;
using EventStore;
using Projections.Engine.Checkpoints;

namespace Projections.Engine.Running;

/// <summary>The time that this instance is the writer of a model: applies batches, and gives signs of life.</summary>
internal sealed class WriterRun(
    IReadModel model, IEventStore log, LogHead head, WriterSession session, ProjectionProgress progress, ILogger logger)
{
    private const int BatchSize = 4000;

    /// <summary>
    /// Time between the beginnings of two batches that are not full. The first event after a pause goes at once; under
    /// load this many milliseconds' events share a transaction.
    /// </summary>
    private static readonly TimeSpan BatchInterval = TimeSpan.FromMilliseconds(10);

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

    private async Task Follow(CancellationToken cancellationToken)
    {
        var options = new SubscriptionOptions(new LogFilter(model.EventTypes), BatchSize);
        await foreach (var batch in log.Subscribe(session.Position, options, cancellationToken))
        {
            var started = Stopwatch.GetTimestamp();
            await Apply(batch, cancellationToken);
            var rest = BatchInterval - Stopwatch.GetElapsedTime(started);
            if (batch.Events.Count < BatchSize && rest > TimeSpan.Zero)
                await Task.Delay(rest, cancellationToken);
        }
    }

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
