using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portable.Messaging.Persistence;
using Portable.Messaging.Persistence.Sql;
using Portable.Messaging.Pipeline;
using Portable.Messaging.Sending;
using Portable.Messaging.Tracing;
using Portable.Messaging.Transport;

namespace Portable.Messaging.Handling;

/// <summary>Handles one message, once: asks whether it was handled before, runs its handlers in one transaction, commits,
/// and returns what they sent.</summary>
internal sealed class MessageHandling(
    MessageReader reader,
    HandlerPipeline pipeline,
    BehaviorChain<IIncomingPhysicalMessageContext> physical,
    SqlStorage? storage,
    OutgoingMessages outgoing,
    Publisher publisher,
    Auditor? auditor,
    IServiceScopeFactory scopes,
    HandlingMetrics metrics,
    ILogger logger)
{
    private const int Attempts = 5;

    /// <summary>Handles the message and commits. When another message changed a saga meanwhile, handles it again from
    /// fresh state.</summary>
    public async Task<HandledMessage> Handle(
        IncomingMessage incoming, MessageTags tags, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await HandleOnce(incoming, tags, cancellationToken);
            }
            catch (SagaConcurrencyException e) when (attempt < Attempts)
            {
                logger.LogInformation(e, "Message '{MessageId}' is handled again (attempt {Attempt})",
                    incoming.MessageId, attempt + 1);
            }
        }
    }

    private async Task<HandledMessage> HandleOnce(
        IncomingMessage incoming, MessageTags tags, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.GetTimestamp();

        // A behavior on the bytes may decrypt them: then nothing can be read, nor a saga loaded, before it has run.
        var reading = physical.IsEmpty ? reader.Read(incoming, tags) : null;
        if (await Before(incoming, cancellationToken) is { } before)
        {
            logger.LogInformation("Message '{MessageId}' was handled before", incoming.MessageId);
            return before;
        }

        var session = storage is null ? null : await storage.Begin(reading?.Lookups ?? [], cancellationToken);
        HandledMessage? handled;
        try
        {
            handled = await HandleIn(session, reading, incoming, tags, cancellationToken);
        }
        catch (Exception) when (session is not null)
        {
            await session.Abandon();
            throw;
        }

        if (session is not null)
        {
            await session.Close();
        }

        if (handled is null)
        {
            logger.LogInformation("Message '{MessageId}' was handled by another meanwhile", incoming.MessageId);
            return await Before(incoming, cancellationToken) ?? throw new InvalidOperationException(
                $"Message '{incoming.MessageId}' was being handled twice and is recorded by neither; it is retried.");
        }

        metrics.Processed(tags, Stopwatch.GetElapsedTime(clock));
        return handled;
    }

    /// <summary>What came of the message if it was handled before.</summary>
    private async Task<HandledMessage?> Before(IncomingMessage incoming, CancellationToken cancellationToken)
    {
        if (storage?.Outbox is not { } outbox
            || await outbox.Find(incoming.MessageId).WaitAsync(cancellationToken) is not { } sent)
        {
            return null;
        }

        Activity.Current?.SetTag("nservicebus.outbox.deduplicate-message", true);
        return new HandledMessage(sent, IsDuplicate: true, Stored: true);
    }

    /// <summary>Null when the message was handled by another meanwhile.</summary>
    private async Task<HandledMessage?> HandleIn(
        SqlSession? session,
        Reading? reading,
        IncomingMessage incoming,
        MessageTags tags,
        CancellationToken cancellationToken)
    {
        var started = DateTimeOffset.UtcNow;
        await using var scope = scopes.CreateAsyncScope();
        var context = new HandlingContext(incoming, outgoing, publisher, scope.ServiceProvider, cancellationToken);
        if (session is not null)
        {
            context.SynchronizedStorageSession = session;
            scope.ServiceProvider.GetRequiredService<MessageScope>().Session = session;
        }

        var run = new MessageRun(context, session);
        if (reading is not null)
        {
            await pipeline.Run(run, reading, tags);
        }
        else
        {
            await physical.Run(context, async () =>
            {
                reading = reader.Read(incoming, tags);
                await pipeline.Load(run, reading.Lookups);
                await pipeline.Run(run, reading, tags);
            });
        }

        if (auditor is not null)
        {
            context.Pending.Add(auditor.Copy(incoming, started, context.Trail));
        }

        return session is null
            || await storage!.Commit(session, incoming.MessageId, run.Changes(), context.Pending, cancellationToken)
                ? new HandledMessage(context.Pending, IsDuplicate: false, Stored: storage?.Outbox is not null)
                : null;
    }
}

/// <summary>A message whose transaction has committed.</summary>
/// <param name="Sent">What is to be dispatched now.</param>
/// <param name="IsDuplicate">True when it had been handled before.</param>
/// <param name="Stored">True when what was sent is in the outbox too.</param>
internal sealed record HandledMessage(List<OutgoingOperation> Sent, bool IsDuplicate, bool Stored);
