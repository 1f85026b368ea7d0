using Npgsql;
using Operations.Storage;
using ProjectionControl;

namespace Operations.Alerts.Projections;

/// <summary>How far a projection is behind.</summary>
/// <param name="State">live, building (nothing to read yet), paused or missing (never filled).</param>
/// <param name="LagEvents">Positions of the log that the live model has not reached.</param>
/// <param name="LagSeconds">
/// How long ago the first event was decided that is not in the live model; 0: all are. Null: there is no live model.
/// </param>
/// <param name="Progress">Of a rebuild, from 0 to 1; null: none is under way.</param>
/// <param name="Instances">Processes that can fill it.</param>
internal sealed record ProjectionFigure(
    string Name, string? Store, string State, long Position, long Head, long LagEvents, double? LagSeconds,
    int ParkedStreams, double? Progress, int Instances, string? Error);

/// <summary>What was last read of all projections.</summary>
/// <param name="Error">Why it could not be read; the projections are those of the time before.</param>
internal sealed record ProjectionSample(
    DateTimeOffset At, IReadOnlyList<ProjectionFigure> Projections, string? Error)
{
    public static ProjectionSample Unknown(string why) => new(DateTimeOffset.MinValue, [], why);
}

/// <summary>
/// Reads every two seconds where the projections are and where the log is. A model that stands still measures nothing
/// itself, so its lag has to be told from outside.
/// </summary>
internal sealed partial class ProjectionWatch(
    [FromKeyedServices(OperationsService.Database)] NpgsqlDataSource log,
    TimeProvider clock, ILogger<ProjectionWatch> logger,
    [FromKeyedServices("readmodels")] NpgsqlDataSource? readModels = null) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private static readonly string ReadLag = Sql.Beside<ProjectionWatch>("read-lag");

    private volatile ProjectionSample last = ProjectionSample.Unknown("not read yet");

    public ProjectionSample Last => last;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (readModels is null)
        {
            last = ProjectionSample.Unknown("Operations has no connection string 'readmodels'");
            return;
        }

        var operations = new ProjectionOperations(readModels);
        while (!stoppingToken.IsCancellationRequested)
        {
            await Sample(operations, stoppingToken);
            await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Sample(ProjectionOperations operations, CancellationToken stoppingToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        limit.CancelAfter(Timeout);
        try
        {
            var at = clock.GetUtcNow();
            last = new ProjectionSample(at, await Read(operations, limit.Token), null);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException
            or ProjectionsMissingException or OperationCanceledException)
        {
            if (last.Error is null)
                NotRead(logger, exception.Message);
            last = last with { Error = exception.Message };
        }
    }

    private async Task<List<ProjectionFigure>> Read(ProjectionOperations operations, CancellationToken cancellationToken)
    {
        var states = await operations.List(cancellationToken);
        await using var command = log.CreateCommand(ReadLag)
            .With(states.Select(state => state.Live?.Position ?? 0).Distinct().ToArray());
        var reached = await command.Read(
            row => (Position: row.GetInt64(0), Head: row.GetInt64(1), Next: row.Maybe<DateTime?>(2)), cancellationToken);
        var now = clock.GetUtcNow();
        var byPosition = reached.ToDictionary(row => row.Position);
        return [.. states.Select(state => Figure(state, byPosition[state.Live?.Position ?? 0], now))];
    }

    private static ProjectionFigure Figure(
        ProjectionState state, (long Position, long Head, DateTime? Next) log, DateTimeOffset now)
    {
        var (live, newest) = (state.Live, state.Live ?? state.Building);
        return new ProjectionFigure(
            state.Name,
            newest?.Store,
            state.Paused ? "paused" : live is not null ? "live" : newest is not null ? "building" : "missing",
            live?.Position ?? 0,
            log.Head,
            Math.Max(0, log.Head - (live?.Position ?? 0)),
            live is null ? null : log.Next is { } next ? Math.Max(0, (now - next).TotalSeconds) : 0,
            state.Parked.Count,
            state.Building?.Progress,
            state.Instances.Count,
            live?.Error ?? state.Building?.Error);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lag of projections cannot be read; trying again: {Reason}")]
    private static partial void NotRead(ILogger logger, string reason);
}
