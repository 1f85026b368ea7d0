using EventStore;
using Npgsql;
using Projections.Checking;
using Projections.Engine.Checkpoints;
using Projections.Engine.Control;
using Projections.Engine.Migrations;
using Projections.Engine.Postgres;

namespace Projections.Engine.Running;

/// <summary>
/// Keeps one model: becomes the writer of its declaration's builds (or stands by while another instance is), and tends
/// them. Whatever goes wrong ends the run; after a pause the next run begins from what the store then holds.
/// </summary>
internal sealed class ProjectionRunner : BackgroundService
{
    private static readonly TimeSpan StandbyInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private static readonly string ReportErrorSql = EmbeddedText.Read("Engine/Checkpoints/ReportError.sql");

    private readonly IReadModel model;
    private readonly ProjectionEnvironment environment;
    private readonly ILogger logger;
    private volatile Tending? tending;

    public ProjectionRunner(IReadModel model, ProjectionEnvironment environment)
    {
        this.model = model;
        this.environment = environment;
        logger = environment.Logger;
        environment.Control.Enlist(() => new SignOfLife(model, tending is not null, tending?.Live, tending?.AsOf));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            var began = false;
            try
            {
                await Run(() => began = true, stoppingToken);
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
            catch (PostgresException taken) when (taken.SqlState is "CQ001" or "CQ002")
            {
                logger.LogInformation("{Projection}: {Reason}.", model.Name, taken.MessageText);
            }
            catch (Exception exception)
            {
                ProjectionTelemetry.Failed(model.Name);
                logger.LogError(exception, "{Projection} stopped; it starts again in {Pause}.", model.Name, pause);
                await Report(exception, stoppingToken);
            }

            if (began)
                pause = FirstPause;
            await Task.Delay(pause * (0.75 + Random.Shared.NextDouble() / 2), stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>One run, from becoming the writer to a failure or the program's end.</summary>
    private async Task Run(Action began, CancellationToken cancellationToken)
    {
        await ReadModelsSchema.Migrate(environment.Database, cancellationToken);
        await using var session = await BecomeWriter(cancellationToken);
        await using var tends = new Tending(model, environment, session);
        tending = tends;
        try
        {
            await tends.ToTheEnd(cancellationToken);
        }
        finally
        {
            tending = null;
            if (tends.HasBegun)
                began();
        }
    }

    private async Task<WriterSession> BecomeWriter(CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (await WriterSession.TryAcquire(environment.Database, model, cancellationToken) is { } session)
                return session;
            if (attempt == 0)
                logger.LogInformation("{Projection} is filled by another instance; this one stands by.", model.Name);
            await Task.Delay(StandbyInterval, cancellationToken);
        }
    }

    /// <summary>Shows the error with the builds that this declaration fills.</summary>
    private async Task Report(Exception exception, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await environment.Database.OpenConnectionAsync(cancellationToken);
            var builds = await Builds.Read(model.Name, connection, cancellationToken);
            foreach (var build in builds.Where(build => build.State != BuildState.Retired && build.IsOf(model)))
                await connection.Execute(ReportErrorSql, cancellationToken, model.Name, build.Number, exception.Message);
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

/// <summary>What all models of a process work with.</summary>
/// <param name="Database">The read models' PostgreSQL: checkpoints of all, rows of some.</param>
/// <param name="Checks">Compares the models with the log all the time; null: only when an operator asks for it.</param>
internal sealed record ProjectionEnvironment(
    IEventStore Log, LogFeed Feed, LogHead Head, ControlRoom Control, NpgsqlDataSource Database, ILogger Logger,
    ConsistencyWatch? Checks = null);
