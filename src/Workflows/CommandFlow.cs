using System.Diagnostics;
using System.Globalization;
using CommandLog;
using Commerce;
using Commerce.Contracts;
using EventStore;

namespace Workflows;

/// <summary>
/// The way of a command, the same for all: load the streams it is decided on, decide, append at the versions that were
/// loaded, record the outcome for the client, publish what happened. All of it runs in the message's PostgreSQL
/// transaction, which also holds inbox and outbox: after the commit everything stands, before it nothing does.
/// </summary>
/// <remarks>
/// A version conflict means that another command was faster: the streams are loaded again and the decision is taken
/// anew, up to <see cref="Attempts"/> times. A broken rule is an outcome (<see cref="Rejected"/>), not an exception.
/// </remarks>
internal sealed class CommandFlow(IEventStore store, ICommandLog log, CommandMetrics metrics, TimeProvider clock)
{
    /// <summary>Decisions on fresh state before the message is handed to recoverability.</summary>
    public const int Attempts = 5;

    /// <summary>Of calls to those who follow the log.</summary>
    private readonly Pace calls = new(TimeSpan.FromMilliseconds(100), clock);

    /// <summary>Runs a command that is decided on one stream.</summary>
    /// <inheritdoc cref="Run(ICommerceCommand, IMessageHandlerContext, Func{StreamsRead, Task{Decision}}, UniqueKey)"/>
    public Task<Decision> Run<TState>(
        ICommerceCommand command,
        IMessageHandlerContext context,
        string stream,
        Fold<TState> fold,
        Func<TState, Decision> decide) =>
        Run(command, context, async streams => decide(await streams.Load(stream, fold)));

    /// <summary>Runs a command that is decided on any number of streams.</summary>
    /// <param name="decide">
    /// Loads and decides; called again after a version conflict. What else it does must be safe to repeat.
    /// </param>
    /// <param name="key">A unique key that the events need to hold.</param>
    /// <exception cref="StreamContendedException">Other commands were faster every time.</exception>
    public async Task<Decision> Run(
        ICommerceCommand command,
        IMessageHandlerContext context,
        Func<StreamsRead, Task<Decision>> decide,
        UniqueKey? key = null)
    {
        var started = Stopwatch.GetTimestamp();
        var session = context.SynchronizedStorageSession.SqlPersistenceSession();
        for (var attempt = 1; ; attempt++)
        {
            var streams = new StreamsRead(store, session.Transaction, context.CancellationToken);
            var decision = await decide(streams);
            if (decision is Commerce.Accepted { Events: [_, ..] events })
            {
                var request = Request(command, context, streams, events, key);
                switch (await store.Append(request, session.Transaction, context.CancellationToken))
                {
                    case Appended appended:
                        await Record(command, context, session, decision, appended.Position);
                        await Publish(command, context, request, appended);
                        metrics.Decided(command.GetType(), decision, started);
                        return decision;
                    case KeyTaken:
                        decision = key!.WhenTaken;
                        break;
                    case StreamTombstoned closed:
                        decision = Decision.Reject(
                            Rules.StreamTombstoned,
                            $"'{closed.Stream}' was closed for good on {closed.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z: nothing "
                            + "about it can change any more.");
                        break;
                    case VersionConflict conflict when attempt == Attempts:
                        throw new StreamContendedException(conflict);
                    case VersionConflict:
                        continue;
                    case var other:
                        throw new InvalidOperationException($"An append without conditions came to {other}.");
                }
            }

            await Record(command, context, session, decision, position: null);
            metrics.Decided(command.GetType(), decision, started);
            return decision;
        }
    }

    private AppendRequest Request(
        ICommerceCommand command,
        IMessageHandlerContext context,
        StreamsRead streams,
        IReadOnlyList<ICommerceEvent> events,
        UniqueKey? key) =>
        new(
            [
                .. events.GroupBy(CommerceStreams.Of, StringComparer.Ordinal).Select(group =>
                    new StreamAppend(group.Key, streams.VersionOf(group.Key), [.. group])),
            ],
            MessageMetadata.Of(context, command.Tenant, clock.GetUtcNow()),
            key is null ? null : [key.Claim]);

    /// <summary>
    /// The outcome goes to the command log only for commands that a client sent: nobody asks for the others.
    /// </summary>
    private async Task Record(
        ICommerceCommand command,
        IMessageHandlerContext context,
        ISqlStorageSession session,
        Decision decision,
        long? position)
    {
        if (!MessageMetadata.IsFromClient(context.MessageHeaders))
            return;
        var id = MessageMetadata.CommandId(context.MessageId);
        var type = command.GetType().Name;
        CommandOutcome outcome = decision is Rejected rejected
            ? new CommandRejected(id, command.Tenant, type, rejected.Rule.Name, rejected.Message)
            : new CommandCompleted(id, command.Tenant, type, position);
        await log.Record(session.Connection, session.Transaction, outcome, context.CancellationToken);
    }

    /// <summary>
    /// The events go to those who subscribe to them; those who follow the log hear that it has advanced, unless they
    /// have just been called.
    /// </summary>
    private async Task Publish(
        ICommerceCommand command, IMessageHandlerContext context, AppendRequest request, Appended appended)
    {
        var events = request.Streams.SelectMany(stream => stream.Events);
        foreach (var (fact, position) in events.Zip(appended.Positions))
        {
            if (fact is not IUnpublishedEvent)
                await context.Publish(fact, At(position));
        }

        if (calls.IsTime())
            await context.Publish(new LogAdvanced(command.Tenant, appended.Position), At(appended.Position));
    }

    private static PublishOptions At(long position)
    {
        var options = new PublishOptions();
        options.SetHeader(CommerceHeaders.Position, position.ToString(CultureInfo.InvariantCulture));
        options.ContinueExistingTraceOnReceive();
        return options;
    }
}

/// <summary>A unique key, and what the command comes to where another owner holds it.</summary>
internal sealed record UniqueKey(KeyClaim Claim, Decision WhenTaken);

/// <summary>A stream changed under every decision; the message is to be retried.</summary>
internal sealed class StreamContendedException(VersionConflict conflict) : Exception(
    $"Stream '{conflict.Stream}' changed under {CommandFlow.Attempts} decisions in a row "
    + $"(last expected {conflict.Expected}, found {conflict.Actual}). The message will be retried.");
