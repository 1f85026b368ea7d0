using Npgsql;
using Operations.Console.Projections;
using Operations.FailedMessages;
using Operations.Groups;
using Operations.Storage;
using ProjectionControl;

namespace Operations.Console.Live;

/// <summary>Reads what the page shows. For one reader at a time.</summary>
internal sealed class SnapshotReader(
    [FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database,
    ReadModels readModels,
    FailedMessageReader messages,
    FailedMessageGroups groups,
    WatchedSystem watched,
    TimeProvider time)
{
    private const int MostGroups = 10;

    /// <summary>Failed messages are counted, which costs more the more there are: not every time.</summary>
    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(3);

    private readonly Paces paces = new(time);
    private (long At, Part<FailedView> Failed)? counted;

    public async Task<ConsoleSnapshot> Read(CancellationToken cancellationToken)
    {
        var projections = Try("The database of the read models", Projections, cancellationToken);
        var actions = Try("The database of Operations", NewestAction, cancellationToken);
        if (counted is not { } last || last.Failed.Error is not null || time.GetElapsedTime(last.At) > CountEvery)
        {
            var failed = await Try("The database of Operations", Failed, cancellationToken);
            counted = (time.GetTimestamp(), failed);
        }

        return new ConsoleSnapshot(
            watched.Alerts(), watched.Figures(), await projections, counted.Value.Failed, await actions);
    }

    /// <summary>For when nobody has looked for a while: what was measured before says nothing any more.</summary>
    public void Forget()
    {
        paces.Forget();
        counted = null;
    }

    private async Task<IReadOnlyList<ProjectionView>> Projections(CancellationToken cancellationToken)
    {
        if (readModels.Operations is not { } operations)
            throw new ProjectionsMissingException(ReadModels.Unknown, null!);
        var states = await operations.List(cancellationToken);
        return [.. states.Select(state => ProjectionView.Of(state, paces.Of(state.Name, state.Live)))];
    }

    private async Task<FailedView> Failed(CancellationToken cancellationToken)
    {
        var all = await groups.List(
            Classifier.Exception, FailedMessageStatus.Unresolved, title: null, cancellationToken);
        var count = await messages.Count(new FailedMessageFilter("unresolved"), cancellationToken);
        return new FailedView(
            count,
            all.Count,
            [
                .. all.OrderByDescending(group => group.Count).Take(MostGroups)
                    .Select(group => new FailedGroupView(group.Id, group.Title, group.Count, group.Last)),
            ]);
    }

    private async Task<long> NewestAction(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql.Beside<SnapshotReader>("newest-action"));
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>A database that is away, or that no projection has ever been in, is told and not thrown.</summary>
    private static async Task<Part<T>> Try<T>(
        string source, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return new Part<T>(await read(cancellationToken), null);
        }
        catch (ProjectionsMissingException missing)
        {
            return new Part<T>(default, missing.Message);
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            return new Part<T>(
                default, $"{source} does not answer ({fault.Message}); the page looks again each second.");
        }
    }
}
