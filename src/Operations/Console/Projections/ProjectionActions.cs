using Npgsql;
using Operations.Actions;
using Operations.Http;
using ProjectionControl;

namespace Operations.Console.Projections;

/// <summary>What became of an action.</summary>
/// <param name="Status">Of HTTP: 200 done, 202 under way or waiting, 404, 409 refused.</param>
internal sealed record ActionOutcome(int Status, string Words);

/// <summary>
/// Does to projections what <c>cqrs projection</c> does. An action is on record before it is asked for, as the record is
/// in another database; what became of it is added.
/// </summary>
internal sealed partial class ProjectionActions(
    ReadModels readModels, ActionLog actions, ILogger<ProjectionActions> logger)
{
    /// <summary>How long a caller waits for an instance to have done it; it goes on afterwards.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public Task<ActionOutcome> Pause(string projection, Operator who, CancellationToken cancellationToken) =>
        Do("pause", projection, null, who, async (operations, _) =>
        {
            await operations.Pause(projection, who.Name, cancellationToken);
            return Done($"{projection} is paused; readers see it as it is now.");
        }, cancellationToken);

    public Task<ActionOutcome> Resume(string projection, Operator who, CancellationToken cancellationToken) =>
        Do("resume", projection, null, who, async (operations, state) =>
        {
            await operations.Resume(projection, cancellationToken);
            return state.Instances.Count > 0 ? Done($"{projection} goes on.") : Nobody(projection);
        }, cancellationToken);

    public Task<ActionOutcome> Rebuild(string projection, Operator who, CancellationToken cancellationToken) =>
        Ask("rebuild", projection, null, who, operations =>
            operations.Rebuild(projection, null, who.Name, cancellationToken), cancellationToken);

    /// <param name="stream">Null: every parked one.</param>
    public Task<ActionOutcome> Retry(
        string projection, string? stream, Operator who, CancellationToken cancellationToken) =>
        Ask("retry", projection, stream, who, operations =>
            operations.Retry(projection, stream, who.Name, cancellationToken), cancellationToken);

    public Task<ActionOutcome> Skip(
        string projection, string stream, Operator who, CancellationToken cancellationToken) =>
        Ask("skip", projection, stream, who, operations =>
            operations.Skip(projection, stream, who.Name, cancellationToken), cancellationToken);

    private Task<ActionOutcome> Ask(
        string verb, string projection, string? stream, Operator who,
        Func<ProjectionOperations, Task<long>> ask, CancellationToken cancellationToken) =>
        Do(verb, projection, stream, who, async (operations, state) =>
        {
            var request = await ask(operations);
            if (state.Instances.Count == 0)
                return Nobody(projection);
            return await operations.Answer(request, Patience, cancellationToken) switch
            {
                null => new ActionOutcome(
                    StatusCodes.Status202Accepted, $"{projection}: it is asked for and not done yet; it goes on."),
                { Failed: true } refused => new ActionOutcome(
                    StatusCodes.Status409Conflict, $"{projection}: {refused.Words}"),
                var answer => Done($"{projection}: {answer.Words}"),
            };
        }, cancellationToken);

    private async Task<ActionOutcome> Do(
        string verb, string projection, string? stream, Operator who,
        Func<ProjectionOperations, ProjectionState, Task<ActionOutcome>> work, CancellationToken cancellationToken)
    {
        if (readModels.Operations is not { } operations)
            return Unavailable(ReadModels.Unknown);
        long? record = null;
        try
        {
            if (await operations.Find(projection, cancellationToken) is not { } state)
                return new ActionOutcome(StatusCodes.Status404NotFound, $"There is no projection '{projection}'.");
            var resource = stream is null ? projection : $"{projection} {stream}";
            record = await actions.Begin(who, new OperatorAction(verb, "projection", resource), cancellationToken);
            return await Ended(record, await work(operations, state));
        }
        catch (ProjectionsMissingException missing)
        {
            return Unavailable(missing.Message);
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            Refused(logger, verb, projection, fault);
            return await Ended(record, Unavailable(
                $"A database does not answer ({fault.Message}): look whether it was done, and try again."));
        }
    }

    /// <summary>Adds the outcome to the record; without the record's database it stays <c>asked</c>.</summary>
    private async Task<ActionOutcome> Ended(long? record, ActionOutcome outcome)
    {
        var result = outcome.Status switch
        {
            StatusCodes.Status200OK => ActionResult.Done,
            StatusCodes.Status202Accepted => ActionResult.Waiting,
            StatusCodes.Status503ServiceUnavailable => ActionResult.Failed,
            _ => ActionResult.Refused,
        };
        try
        {
            // Also for a caller who has gone away.
            if (record is { } id)
                await actions.End(id, result, outcome.Words, CancellationToken.None);
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            NotEnded(logger, outcome.Words, fault.Message);
        }

        return outcome;
    }

    private static ActionOutcome Unavailable(string words) => new(StatusCodes.Status503ServiceUnavailable, words);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Verb} {Projection} is not known to be done")]
    private static partial void Refused(ILogger logger, string verb, string projection, Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outcome is not on record ('{Outcome}'): {Reason}")]
    private static partial void NotEnded(ILogger logger, string outcome, string reason);

    private static ActionOutcome Done(string words) => new(StatusCodes.Status200OK, words);

    private static ActionOutcome Nobody(string projection) => new(
        StatusCodes.Status202Accepted,
        $"{projection}: no process that fills it is running; it is done when one starts.");
}
