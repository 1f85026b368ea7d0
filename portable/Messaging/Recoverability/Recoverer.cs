using Microsoft.Extensions.Logging;
using Portable.Messaging.Extensibility;
using Portable.Messaging.Faults;
using Portable.Messaging.Tracing;
using Portable.Messaging.Transport;

namespace Portable.Messaging.Recoverability;

/// <summary>Carries out what the policy decides about a message that failed. A message leaves its queue only when the
/// broker has its copy in the next one.</summary>
internal sealed class Recoverer(
    RecoverabilitySettings settings,
    string errorQueue,
    string queue,
    HostIdentity host,
    Publisher publisher,
    HandlingMetrics metrics,
    ILogger logger)
{
    // A message that can be put nowhere must not spin: its error queue may be away for hours.
    private static readonly TimeSpan HopelessPause = TimeSpan.FromSeconds(1);

    private readonly RecoverabilityConfig config = settings.ToConfig(errorQueue);

    /// <summary>Retries, delays, moves or drops the message.</summary>
    public async Task Recover(
        Delivery delivery,
        string nativeMessageId,
        Exception exception,
        MessageTags message,
        CancellationToken cancellationToken)
    {
        // Fresh headers: handlers and behaviors may have changed those they were given.
        var headers = WireProperties.HeadersOf(delivery.Properties);
        headers.TryAdd(Headers.MessageId, nativeMessageId);
        var context = new ErrorContext(
            exception, headers, nativeMessageId, delivery.Body, delivery.Attempts, queue, new ContextBag());
        try
        {
            var action = settings.Policy(config, context);
            metrics.Recovered(action, message, exception);
            await Act(action, context, delivery, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogError(
                e, "Message '{MessageId}' failed and could not be put aside; it stays in '{Queue}'",
                context.MessageId, queue);
            await Task.Delay(HopelessPause, CancellationToken.None);
            await delivery.Requeue();
        }
    }

    /// <summary>Moves bytes that are no message to the error queue as they are.</summary>
    public async Task MovePoison(Delivery delivery, Exception exception, CancellationToken cancellationToken)
    {
        logger.LogError(exception, "A message in '{Queue}' can't be read; it moves to '{Error}'", queue, errorQueue);
        try
        {
            await publisher.Dispatch(
                [
                    new OutgoingOperation(delivery.Properties.MessageId ?? "", [], delivery.Body)
                    {
                        Destination = errorQueue,
                        RawProperties = WireProperties.Raw(delivery.Properties),
                    },
                ],
                cancellationToken);
            await delivery.Acknowledge();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogError(e, "A message that can't be read could not be moved to '{Error}'", errorQueue);
            await Task.Delay(HopelessPause, CancellationToken.None);
            await delivery.Requeue();
        }
    }

    private async Task Act(
        RecoverabilityAction action, ErrorContext context, Delivery delivery, CancellationToken cancellationToken)
    {
        switch (action)
        {
            case ImmediateRetry:
                logger.LogInformation(
                    context.Exception, "Message '{MessageId}' failed and is retried at once", context.MessageId);
                await delivery.Requeue();
                await Notify(settings.ImmediateRetries.Retried, new ImmediateRetryMessage(
                    context.MessageId, context.Headers, context.Body, context.Exception,
                    context.ImmediateProcessingFailures - 1), cancellationToken);
                break;
            case DelayedRetry delayed:
                await Delay(delayed, context, delivery, cancellationToken);
                break;
            case MoveToError error:
                await Move(error, context, delivery, cancellationToken);
                break;
            case Discard discard:
                logger.LogInformation(
                    context.Exception, "Message '{MessageId}' failed and is dropped: {Reason}",
                    context.MessageId, discard.Reason);
                await delivery.Acknowledge();
                break;
            default:
                throw new InvalidOperationException(
                    $"The recoverability policy returned {action?.GetType().Name ?? "null"} for message "
                    + $"'{context.MessageId}': it must return one of the actions of RecoverabilityAction.");
        }
    }

    private async Task Delay(
        DelayedRetry delayed, ErrorContext context, Delivery delivery, CancellationToken cancellationToken)
    {
        var retry = context.DelayedDeliveriesPerformed + 1;
        logger.LogWarning(
            context.Exception, "Message '{MessageId}' failed and is retried in {Delay} (delayed retry {Retry})",
            context.MessageId, delayed.Delay, retry);
        var headers = new Dictionary<string, string>(context.Headers);
        headers[Headers.DelayedRetries] = retry.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var now = DateTimeOffset.UtcNow;
        headers[Headers.DelayedRetriesTimestamp] = DateTimeOffsetHelper.ToWireFormattedString(now);
        // A message that was delayed before keeps its first due time, as in NServiceBus.
        headers.TryAdd(Headers.DeliverAt, DateTimeOffsetHelper.ToWireFormattedString(now + delayed.Delay));
        StartNewTrace(headers);
        await publisher.Dispatch(
            [
                new OutgoingOperation(context.MessageId, headers, context.Body)
                {
                    Destination = queue,
                    Delay = delayed.Delay,
                },
            ],
            cancellationToken);
        await delivery.Acknowledge();
        await Notify(settings.DelayedRetries.Retried, new DelayedRetryMessage(
            context.MessageId, context.Headers, context.Body, context.Exception, retry), cancellationToken);
    }

    private async Task Move(
        MoveToError error, ErrorContext context, Delivery delivery, CancellationToken cancellationToken)
    {
        logger.LogError(
            context.Exception, "Message '{MessageId}' failed and moves to '{Error}'",
            context.MessageId, error.ErrorQueue);
        var headers = new Dictionary<string, string>(context.Headers);
        headers.Remove(Headers.DelayedRetries);
        headers.Remove(Headers.ImmediateRetries);
        FaultHeaders.Add(headers, context.Exception, queue, queue, host);
        StartNewTrace(headers);
        settings.FailedMessages.Customization?.Invoke(headers);
        await publisher.Dispatch(
            [new OutgoingOperation(context.MessageId, headers, context.Body) { Destination = error.ErrorQueue }],
            cancellationToken);
        await delivery.Acknowledge();
        await Notify(settings.FailedMessages.SentToErrorQueue, new FailedMessage(
            context.MessageId, context.Headers, context.Body, context.Exception, error.ErrorQueue), cancellationToken);
    }

    // Handled again, perhaps days later: a trace of its own, linked to the sender's.
    private static void StartNewTrace(Dictionary<string, string> headers)
    {
        if (headers.ContainsKey(Headers.DiagnosticsTraceParent))
        {
            headers[Headers.StartNewTrace] = bool.TrueString;
        }
    }

    private async Task Notify<T>(
        Func<T, CancellationToken, Task>? callbacks, T message, CancellationToken cancellationToken)
    {
        foreach (var callback in callbacks?.GetInvocationList() ?? [])
        {
            try
            {
                await ((Func<T, CancellationToken, Task>)callback)(message, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                logger.LogError(e, "A notification of a failed message failed itself");
            }
        }
    }
}
