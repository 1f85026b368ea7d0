using System.Collections.Concurrent;
using CommandLog;
using Commerce.Contracts;

namespace CommandApi.Tests;

/// <summary>What the endpoint playing <c>Commerce.Workflows</c> got, and what it makes of it; per tenant.</summary>
internal sealed class WorkflowScript
{
    private readonly ConcurrentQueue<Received> received = new();
    private readonly ConcurrentDictionary<string, Func<Guid, ICommerceCommand, CommandOutcome?>> plots = new();
    private long position;

    /// <summary>Every command of the tenant that was handled, in that order.</summary>
    public IReadOnlyList<Received> For(string tenant) => [.. received.Where(one => one.Command.Tenant == tenant)];

    /// <summary>
    /// Decides what becomes of the tenant's commands; null records nothing. Without a plot all are completed.
    /// </summary>
    public void Plot(string tenant, Func<Guid, ICommerceCommand, CommandOutcome?> plot) => plots[tenant] = plot;

    public CommandOutcome? Play(Guid commandId, ICommerceCommand command, string? user)
    {
        received.Enqueue(new(commandId, command, user));
        return plots.TryGetValue(command.Tenant, out var plot)
            ? plot(commandId, command)
            : new CommandCompleted(
                commandId, command.Tenant, command.GetType().Name, Interlocked.Increment(ref position));
    }
}

internal sealed record Received(Guid CommandId, ICommerceCommand Command, string? User);

/// <summary>Handles every command as the script has it, and records the outcome as a real handler would.</summary>
internal sealed class PlayedWorkflows(WorkflowScript script, ICommandLog log) : IHandleMessages<ICommerceCommand>
{
    public async Task Handle(ICommerceCommand message, IMessageHandlerContext context)
    {
        var session = context.SynchronizedStorageSession.SqlPersistenceSession();
        var user = context.MessageHeaders.GetValueOrDefault(CommerceHeaders.User);
        if (script.Play(Guid.Parse(context.MessageId), message, user) is { } outcome)
            await log.Record(session.Connection, session.Transaction, outcome, context.CancellationToken);
    }
}
