using EventStore;
using ProjectionControl;
using Projections.Engine;
using Projections.Engine.Checkpoints;
using Projections.Engine.Running;

namespace Projections.Checking;

/// <summary>Compares a live model with the log all the time, a few entities at a time.</summary>
/// <param name="Interval">Between two comparisons.</param>
/// <param name="Sample">Entities in each.</param>
internal sealed record ConsistencyWatch(TimeSpan Interval, int Sample)
{
    /// <summary>
    /// As <c>Checking:Interval</c> (10 s) and <c>Checking:Sample</c> (5 entities of each model) say; an interval of 0
    /// is none.
    /// </summary>
    public static ConsistencyWatch? Of(IConfiguration configuration)
    {
        var interval = configuration.GetValue("Checking:Interval", TimeSpan.FromSeconds(10));
        var sample = configuration.GetValue("Checking:Sample", 5);
        return interval > TimeSpan.Zero && sample > 0 ? new ConsistencyWatch(interval, sample) : null;
    }

    /// <summary>Runs as long as the session follows the model.</summary>
    public async Task Follow(
        IReadModel model, IEventStore log, WriterSession session, ILogger logger, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Not all models at once.
            await Task.Delay(Interval * (0.75 + Random.Shared.NextDouble() / 2), cancellationToken);
            try
            {
                Tell(await model.Check(Sample, repair: false, log, session, cancellationToken), logger);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
            catch (NotSupportedException unknown)
            {
                logger.LogWarning("{Projection} is not compared with the log: {Reason}", model.Name, unknown.Message);
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }
            // Whatever is away is noticed by those who need it more; the next comparison is soon.
            catch (Exception exception)
            {
                logger.LogWarning(exception, "{Projection} could not be compared with the log.", model.Name);
            }
        }
    }

    /// <summary>Counts, and names what differs; without values, which may be personal.</summary>
    public static void Tell(CheckReport report, ILogger logger)
    {
        ProjectionTelemetry.Compared(report.Projection, report.Checked, report.Differences.Count);
        foreach (var (entity, values) in report.Differences)
        {
            logger.LogError(
                "{Projection} differs from the log in {Entity}: {Values}{Repaired}.",
                report.Projection, entity, string.Join(", ", values.Select(value => value.Name)),
                report.Repaired ? " (repaired)" : "");
        }
    }
}
