using System.Diagnostics;
using EventStore;
using Projections.Engine.Checkpoints;

namespace Projections.Engine.Running;

/// <summary>
/// Fills a build beside the live one, in bulk and from its checkpoint on, and puts it in the live one's place when it
/// has caught up. Ends then; a failure or a stop in between leaves what was saved so far, and the next run goes on
/// there.
/// </summary>
internal sealed class RebuildRun(IReadModel model, ProjectionEnvironment environment, Build build)
{
    private const int PageSize = 2000;

    /// <summary>Nearer to the end of the log than this, the rest is brought over while the live build waits.</summary>
    private const int Near = 2000;

    private static readonly TimeSpan HeadPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly ILogger logger = environment.Logger;
    private readonly long started = Stopwatch.GetTimestamp();
    private long reported = Stopwatch.GetTimestamp();
    private Task reporting = Task.CompletedTask;
    private long begin;

    public async Task ToTheEnd(CancellationToken cancellationToken)
    {
        await using var session = await WriterSession.OpenBeside(environment.Database, cancellationToken);
        await session.Take(build, cancellationToken);
        var held = Math.Max(await model.Open(session, cancellationToken), build.From);
        if (held != session.Position)
            await session.Rewind(held, cancellationToken);
        begin = held;
        logger.LogInformation(
            "{Projection} is built anew in {Storage} ({Store}), from position {Position} on.",
            model.Name, build.Storage, model.Store, held);

        while (await environment.Log.ReadHead(cancellationToken) is var head && head - session.Position > Near)
            await Fill(session, head, cancellationToken);

        await using var connection = await environment.Database.OpenConnectionAsync(cancellationToken);
        await Builds.GoLive(
            model, build, live => BringTo(session, live, cancellationToken), connection, cancellationToken);
        logger.LogInformation(
            "{Projection} version {Version} has caught up and is live now, in {Storage}, after {Elapsed}.",
            model.Name, model.Version, build.Storage, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>In bulk: rows are folded in memory and saved many at a time.</summary>
    private async Task Fill(WriterSession session, long end, CancellationToken cancellationToken)
    {
        var taken = session.Position;
        try
        {
            await using var filling = model.BeginFilling(session);
            await foreach (var batch in Read(session.Position, PageSize, cancellationToken))
            {
                taken = batch.Position;
                logger.Parked(model.Name, await filling.Take(batch, cancellationToken));
                if (filling.IsFull)
                    await filling.Save(cancellationToken);
                await Report(session, batch, cancellationToken);
                if (batch.Position >= end)
                    break;
            }

            await filling.Save(cancellationToken);
            await reporting;
        }
        catch (StoreRefusedException refused)
        {
            logger.LogWarning(
                "{Projection}: {Reason} The events up to {Position} are saved in small batches, to find the one.",
                model.Name, refused.Message, taken);
            await Apply(session, taken, cancellationToken);
        }
        finally
        {
            // Whatever ended the filling is the failure to tell of.
            await reporting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Up to the head, which is not before the live build's position: for a moment it may be, while a writer announces
    /// slowly. For longer it is where the log was put back to an older state, and then there is no more to bring.
    /// </summary>
    private async Task<long> BringTo(WriterSession session, long live, CancellationToken cancellationToken)
    {
        var since = Stopwatch.GetTimestamp();
        long head;
        while ((head = await environment.Log.ReadHead(cancellationToken)) < live
            && Stopwatch.GetElapsedTime(since) < HeadPatience)
            await Task.Delay(HeadPatience / 20, cancellationToken);
        await Apply(session, head, cancellationToken);
        return session.Position;
    }

    /// <summary>As the live build is filled: batch by batch.</summary>
    private async Task Apply(WriterSession session, long end, CancellationToken cancellationToken)
    {
        if (session.Position >= end)
            return;
        await foreach (var batch in Read(session.Position, Near, cancellationToken))
        {
            logger.Parked(model.Name, await model.Apply(batch, asOf: null, session, cancellationToken));
            if (session.Position >= end)
                return;
        }
    }

    private IAsyncEnumerable<EventBatch> Read(long after, int size, CancellationToken cancellationToken) =>
        environment.Log
            .Subscribe(after, new SubscriptionOptions(new LogFilter(model.EventTypes), size), cancellationToken)
            .ReadAhead(cancellationToken, ahead: 2);

    /// <summary>The filling goes on while the report is written.</summary>
    private async Task Report(WriterSession session, EventBatch batch, CancellationToken cancellationToken)
    {
        if (Stopwatch.GetElapsedTime(reported) < ReportInterval || !reporting.IsCompleted)
            return;
        await reporting;
        reported = Stopwatch.GetTimestamp();
        var rate = (batch.Position - begin) / Stopwatch.GetElapsedTime(started).TotalSeconds;
        reporting = session.Progress(batch.Position, batch.Head, rate, cancellationToken);
    }
}
