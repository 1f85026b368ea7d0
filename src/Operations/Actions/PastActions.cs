using System.Threading.Channels;
using Npgsql;
using Operations.Http;
using Operations.Storage;

namespace Operations.Actions;

/// <summary>An action with its outcome, to be recorded afterwards.</summary>
internal sealed record PastAction(
    Operator Who, OperatorAction Action, ActionResult Result, string? Detail, DateTimeOffset At);

/// <summary>
/// Records what is over, in its order and without making anybody wait. While the database is away it waits in memory,
/// a thousand actions at most; a process that ends then takes them with it, and its log has them.
/// </summary>
internal sealed partial class PastActions(ActionLog actions, TimeProvider clock, ILogger<PastActions> logger)
    : BackgroundService
{
    private const int MostWaiting = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Channel<PastAction> waiting =
        Channel.CreateBounded<PastAction>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    public void Add(Operator who, OperatorAction action, ActionResult result, string? detail = null)
    {
        who.IsRecorded = true;
        if (result is ActionResult.Refused or ActionResult.Failed)
            NotDone(logger, who.Name, who.Where, action.Kind, action.Resource, result, detail);
        if (!waiting.Writer.TryWrite(new PastAction(who, action, result, detail, clock.GetUtcNow())))
            NotRecorded(logger, who.Name, action.Kind, $"{MostWaiting} wait for the database already");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var past in waiting.Reader.ReadAllAsync(stoppingToken))
            {
                while (!await Write(past, stoppingToken))
                    await Task.Delay(Pause, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            foreach (var past in Rest())
                NotRecorded(logger, past.Who.Name, past.Action.Kind, "the service stops");
        }
    }

    private IEnumerable<PastAction> Rest()
    {
        while (waiting.Reader.TryRead(out var past))
            yield return past;
    }

    private async Task<bool> Write(PastAction past, CancellationToken stoppingToken)
    {
        try
        {
            await actions.Record(past, stoppingToken);
            return true;
        }
        catch (Exception exception) when (DatabaseFaults.MayPass(exception))
        {
            Later(logger, exception.Message);
            return false;
        }
        catch (NpgsqlException refused)
        {
            // The next ones must not wait for it for ever.
            NotRecorded(logger, past.Who.Name, past.Action.Kind, refused.Message);
            return true;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "{Who} at {Address}: {Action} {Resource} is {Result}: {Detail}")]
    private static partial void NotDone(
        ILogger logger, string who, string address, string action, string? resource, ActionResult result,
        string? detail);

    [LoggerMessage(Level = LogLevel.Error, Message = "What {Who} did ({Action}) is not on record: {Reason}")]
    private static partial void NotRecorded(ILogger logger, string who, string action, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Actions can't be recorded yet; trying on: {Reason}")]
    private static partial void Later(ILogger logger, string reason);
}
