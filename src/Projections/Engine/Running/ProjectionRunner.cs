using EventStore;
using Npgsql;
using Projections.Engine.Checkpoints;
using Projections.Engine.Migrations;

namespace Projections.Engine.Running;

/// <summary>
/// Fills one model: becomes its writer (or stands by while another instance is), goes to the checkpoint that the store
/// holds, follows the log from there. Whatever goes wrong ends the run; after a pause the next run begins from what the
/// store then holds.
/// </summary>
internal sealed class ProjectionRunner(
    IReadModel model,
    IEventStore log,
    LogFeed feed,
    LogHead head,
    NpgsqlDataSource database,
    ILogger<ProjectionRunner> logger)
    : BackgroundService
{
    private static readonly TimeSpan StandbyInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private static readonly string ReadPositionSql = EmbeddedText.Read("Engine/Checkpoints/ReadPosition.sql");
    private static readonly string ReportErrorSql = EmbeddedText.Read("Engine/Checkpoints/ReportError.sql");

    public ProjectionProgress Progress { get; } = new(model.Name);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            var before = Progress.Position;
            try
            {
                await Run(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (ModelLostException lost)
            {
                logger.LogWarning(
                    "{Projection}: {Reason} It goes on from what the store holds.", model.Name, lost.Message);
            }
            catch (Exception exception)
            {
                ProjectionTelemetry.Failed(model.Name);
                logger.LogError(
                    exception, "{Projection} stopped at position {Position}; it starts again in {Pause}.",
                    model.Name, Progress.Position, pause);
                await Report(exception, stoppingToken);
            }

            if (Progress.Position > before)
                pause = FirstPause;
            await Task.Delay(pause * (0.75 + Random.Shared.NextDouble() / 2), stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>One run, from becoming the writer to a failure or the program's end.</summary>
    private async Task Run(CancellationToken cancellationToken)
    {
        await ReadModelsSchema.Migrate(database, cancellationToken);
        await using var session = await BecomeWriter(cancellationToken);
        await session.Take(await Builds.Open(model, session.Connection, cancellationToken), cancellationToken);
        var held = await model.Open(session, cancellationToken);
        await CheckAgainstLog(held, cancellationToken);
        if (held != session.Position)
        {
            logger.LogWarning(
                "{Projection} holds {Held}, its checkpoint said {Position}: it goes on from {Held}.",
                model.Name, held, session.Position, held);
            await session.Rewind(held, cancellationToken);
        }

        Progress.Reached(held);
        logger.LogInformation(
            "{Projection} version {Version} is filled by this instance: {Storage} ({Store}) from {Position} on.",
            model.Name, model.Version, session.Build.Storage, model.Store, held);
        await new WriterRun(model, log, feed, head, session, Progress, logger).ToTheEnd(cancellationToken);
    }

    private async Task<WriterSession> BecomeWriter(CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (await WriterSession.TryAcquire(database, model.Name, cancellationToken) is { } session)
                return session;
            if (attempt == 0)
                logger.LogInformation("{Projection} is filled by another instance; this one stands by.", model.Name);
            await using var command = database.CreateCommand(ReadPositionSql);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = model.Name });
            if (await command.ExecuteScalarAsync(cancellationToken) is long position)
                Progress.Reached(position);
            await Task.Delay(StandbyInterval, cancellationToken);
        }
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
                + "the log was put back to an older state. Delete the model's storage and its checkpoint, and it is filled "
                + "anew.");
        }
    }

    private async Task Report(Exception exception, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = database.CreateCommand(ReportErrorSql);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = model.Name });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = exception.Message });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception unreported)
            when (unreported is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            // The log has the error; the checkpoint table will say by its standing still that something is wrong.
            logger.LogDebug(
                unreported, "The error of {Projection} could not be written to its checkpoint.", model.Name);
        }
    }
}
