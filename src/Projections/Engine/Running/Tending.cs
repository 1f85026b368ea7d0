using Npgsql;
using Projections.Engine.Checkpoints;
using Projections.Engine.Control;
using Projections.Engine.Postgres;

namespace Projections.Engine.Running;

/// <summary>
/// The time that this instance has the lease of a declaration: keeps the live build up to date, fills the one that is
/// to take its place, and does what operators ask for. Always ends with an exception.
/// </summary>
internal sealed class Tending(IReadModel model, ProjectionEnvironment environment, WriterSession session)
    : IAsyncDisposable
{
    /// <summary>How often the lease is shown to be in use, at least.</summary>
    private static readonly TimeSpan LeaseInterval = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Readers of Redis look up the live build's prefix once a second. Nothing is added to a build that has just gone
    /// live until all of them have: who waits for a position must not look for it in the old build.
    /// </summary>
    private static readonly TimeSpan PrefixGrace = TimeSpan.FromSeconds(1.5);

    private static readonly string ReportErrorSql = EmbeddedText.Read("Engine/Checkpoints/ReportError.sql");

    private readonly ILogger logger = environment.Logger;
    private readonly OperatorRequests requests = new(model, environment, session);
    private Work? live;
    private Work? rebuild;
    private WriterRun? writer;
    private string? trouble;
    private bool hasSwitched;

    /// <summary>The live build, while it is kept up to date.</summary>
    public Build? Live => HasBegun ? live?.Build : null;

    /// <summary>Whether the store was there for the live build.</summary>
    public bool HasBegun => writer is { HasBegun: true };

    /// <summary>When the live build held all that the log held; null: it is behind.</summary>
    public DateTimeOffset? AsOf =>
        Live is not null && environment.Head.Last is { } sample && session.Position >= sample.Position
            ? sample.Time
            : null;

    public async Task ToTheEnd(CancellationToken cancellationToken)
    {
        var shown = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var news = environment.Control.Next();
            await Tend(environment.Control.Last(model.Name), cancellationToken);
            await Task.WhenAny(
                [
                    .. new[] { live?.Task, rebuild?.Task }.OfType<Task>(),
                    news,
                    Task.Delay(LeaseInterval, cancellationToken),
                ]);
            cancellationToken.ThrowIfCancellationRequested();
            if (live is { Task.IsCompleted: true } ended)
            {
                if (rebuild is not { Task.IsCompleted: false })
                    await ended.Task;
                await LeaveToRebuild(ended, cancellationToken);
            }

            if (rebuild is { Task.IsCompleted: true } done)
            {
                rebuild = null;
                await done.Task;
                await Stop(live);
                live = null;
                hasSwitched = true;
            }

            if (TimeProvider.System.GetElapsedTime(shown) >= LeaseInterval)
            {
                using (await session.Turn(cancellationToken))
                    await session.Connection.Execute("SELECT 1", cancellationToken);
                shown = TimeProvider.System.GetTimestamp();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Stop(live);
        await Stop(rebuild);
    }

    /// <summary>
    /// The live build cannot be followed: what the store or the log says may be wrong for good, and the rebuild is the
    /// cure. So it goes on, and the live build is tried again at the next look at the tables. Ends the run where the
    /// session with the lease is gone.
    /// </summary>
    private async Task LeaveToRebuild(Work ended, CancellationToken cancellationToken)
    {
        try
        {
            await ended.Task;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            logger.LogError(
                failure, "{Projection} cannot be followed in {Storage}; its rebuild goes on.", model.Name,
                ended.Build.Storage);
            using (await session.Turn(cancellationToken))
            {
                await session.Connection.Execute(
                    ReportErrorSql, cancellationToken, model.Name, ended.Build.Number, failure.Message);
            }
        }

        live = null;
    }

    /// <summary>Brings what runs in line with what the tables say.</summary>
    private async Task Tend(Orders? last, CancellationToken cancellationToken)
    {
        if (last is null || (InLine(last) && last.Requests.Count == 0))
            return;

        // What was read a moment ago may be older than what was done since: a request would be answered twice.
        await using var connection = await environment.Database.OpenConnectionAsync(cancellationToken);
        var orders = last with
        {
            Builds = await Builds.Read(model.Name, connection, cancellationToken),
            Requests = await Request.ReadOpen(model.Name, connection, cancellationToken),
        };
        foreach (var request in orders.Requests)
        {
            if (rebuild is not null && request.Action == "drop")
            {
                await Stop(rebuild);
                rebuild = null;
            }

            await requests.Answer(request, orders.Builds, Live, connection, cancellationToken);
            orders = orders with { Builds = await Builds.Read(model.Name, connection, cancellationToken) };
        }

        var plan = BuildPlan.Of(model, orders.Builds);
        if (plan.MustAdd && !orders.Paused)
        {
            await Builds.Add(model, orders.Builds, from: 0, connection, cancellationToken);
            orders = orders with { Builds = await Builds.Read(model.Name, connection, cancellationToken) };
            plan = BuildPlan.Of(model, orders.Builds);
        }

        await Tell(plan, orders, connection, cancellationToken);
        await Run(plan, orders.Paused, cancellationToken);
    }

    private bool InLine(Orders orders)
    {
        var plan = BuildPlan.Of(model, orders.Builds);
        return !plan.MustAdd
            && plan.Trouble == trouble
            && (orders.Paused ? null : plan.Live?.Number) == live?.Build.Number
            && (orders.Paused ? null : plan.Building?.Number) == rebuild?.Build.Number;
    }

    private async Task Run(BuildPlan plan, bool paused, CancellationToken cancellationToken)
    {
        if (live is not null && (paused || live.Build.Number != plan.Live?.Number))
        {
            await Stop(live);
            live = null;
        }

        if (rebuild is not null && (paused || rebuild.Build.Number != plan.Building?.Number))
        {
            await Stop(rebuild);
            rebuild = null;
        }

        if (paused)
            return;
        if (live is null && plan.Live is { } current)
        {
            var following = writer = new WriterRun(model, environment, session);
            var grace = hasSwitched && model.Store == "redis" ? PrefixGrace : TimeSpan.Zero;
            hasSwitched = false;
            live = Work.Begin(current, async token =>
            {
                await Task.Delay(grace, token);
                await following.ToTheEnd(current, token);
            });
        }

        if (rebuild is null && plan.Building is { } next)
        {
            rebuild = Work.Begin(next, token => new RebuildRun(model, environment, next).ToTheEnd(token));
        }
    }

    /// <summary>Says once, in the log and with the live build, what stands in the way.</summary>
    private async Task Tell(
        BuildPlan plan, Orders orders, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (plan.Trouble == trouble)
            return;
        trouble = plan.Trouble;
        if (trouble is null)
            return;
        logger.LogError("{Trouble}", trouble);
        var shown = orders.Builds.FirstOrDefault(build => build.State == BuildState.Live);
        if (shown is not null && shown.Version == model.Version)
            await connection.Execute(ReportErrorSql, cancellationToken, model.Name, shown.Number, trouble);
    }

    private static async Task Stop(Work? work)
    {
        if (work is not null)
            await work.Stop();
    }

    /// <summary>A build that is being filled.</summary>
    private sealed record Work(Build Build, Task Task, CancellationTokenSource Ending)
    {
        public static Work Begin(Build build, Func<CancellationToken, Task> run)
        {
            var ending = new CancellationTokenSource();
            return new Work(build, Task.Run(() => run(ending.Token)), ending);
        }

        public async Task Stop()
        {
            await Ending.CancelAsync();
            await Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Ending.Dispose();
        }
    }
}
