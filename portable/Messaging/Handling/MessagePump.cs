using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Portable.Messaging.Persistence.Sql;
using Portable.Messaging.Recoverability;
using Portable.Messaging.Tracing;
using Portable.Messaging.Transport;

namespace Portable.Messaging.Handling;

/// <summary>Takes a delivery through its life: handle, commit, dispatch, mark, acknowledge; or recover.</summary>
internal sealed class MessagePump(
    RabbitMQTransport transport,
    MessageHandling handling,
    Recoverer recoverer,
    Publisher publisher,
    OutboxTable? outbox,
    ConsecutiveFailures failures,
    HandlingMetrics metrics,
    ILogger logger)
{
    /// <summary>Returns when the message is handled; the inner task ends when it is acknowledged.</summary>
    public async Task<Task> Process(Delivery delivery, int lane, CancellationToken cancellationToken)
    {
        IncomingMessage incoming;
        try
        {
            incoming = new IncomingMessage(
                MessageIdOf(delivery), WireProperties.HeadersOf(delivery.Properties), delivery.Body);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            await recoverer.MovePoison(delivery, e, cancellationToken);
            return Task.CompletedTask;
        }

        var work = new Work(
            delivery, incoming, Activities.StartReceive(incoming.NativeMessageId, incoming.Headers), cancellationToken);
        try
        {
            var handled = await handling.Handle(incoming, work.Tags, cancellationToken);
            if (handled.Sent.Count > 0)
            {
                work.Activity?.AddEvent(new ActivityEvent(
                    "Start dispatching", tags: new ActivityTagsCollection { ["message-count"] = handled.Sent.Count }));
            }

            var confirmed = await publisher.Write(handled.Sent, lane, cancellationToken);
            if (handled.Stored)
            {
                return Complete(work, handled, confirmed);
            }

            // Nothing remembers that it was handled: it counts as handled when all it sent has left.
            await confirmed;
            return Complete(work, handled, Task.CompletedTask);
        }
        catch (Exception e)
        {
            await Fail(work, e);
            return Task.CompletedTask;
        }
    }

    private async Task Complete(Work work, HandledMessage handled, Task confirmed)
    {
        try
        {
            await confirmed;
            if (handled.Sent.Count > 0)
            {
                work.Activity?.AddEvent(new ActivityEvent("Finished dispatching"));
                if (handled.Stored)
                {
                    await outbox!.Mark(work.Incoming.MessageId).WaitAsync(work.CancellationToken);
                }
            }

            if (!handled.IsDuplicate || handled.Sent.Count > 0)
            {
                metrics.Succeeded(work.Tags, work.Incoming.Headers);
            }

            if (RetryAcknowledgement.TryMake(work.Incoming.Headers, out var acknowledgement))
            {
                await publisher.Dispatch([acknowledgement], work.CancellationToken);
            }

            await work.Delivery.Acknowledge();
            failures.End();
            work.Activity?.SetStatus(ActivityStatusCode.Ok);
            work.Activity?.Dispose();
            metrics.Fetched(work.Tags);
        }
        catch (Exception e)
        {
            await Fail(work, e);
        }
    }

    private async Task Fail(Work work, Exception exception)
    {
        using var activity = work.Activity;
        Activities.Fail(activity, exception);
        metrics.Fetched(work.Tags);
        if (work.CancellationToken.IsCancellationRequested)
        {
            logger.LogWarning(
                "Message '{MessageId}' was canceled as the endpoint stops; it goes back to the queue",
                work.Incoming.MessageId);
            await work.Delivery.Requeue();
            return;
        }

        exception.Data["Message ID"] = work.Incoming.MessageId;
        if (work.Incoming.NativeMessageId != work.Incoming.MessageId)
        {
            exception.Data["Transport message ID"] = work.Incoming.NativeMessageId;
        }

        exception.Data["Pipeline canceled"] = false;
        metrics.Failed(work.Tags, exception);
        await failures.Add(work.CancellationToken);
        await recoverer.Recover(
            work.Delivery, work.Incoming.NativeMessageId, exception, work.Tags, work.CancellationToken);
    }

    private string MessageIdOf(Delivery delivery)
    {
        var id = transport.MessageIdStrategy(delivery.ToEventArgs());
        return !string.IsNullOrWhiteSpace(id) ? id : throw new InvalidOperationException(
            "The message has no id: its 'message-id' property is empty.");
    }

    private sealed class Work(
        Delivery delivery, IncomingMessage incoming, Activity? activity, CancellationToken cancellationToken)
    {
        public Delivery Delivery => delivery;

        public IncomingMessage Incoming => incoming;

        public Activity? Activity => activity;

        public CancellationToken CancellationToken => cancellationToken;

        public MessageTags Tags { get; } = new();
    }
}
