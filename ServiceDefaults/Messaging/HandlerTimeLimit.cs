namespace ServiceDefaults.Messaging;

/// <summary>
/// Ends the wait for a handler that does not return: its message fails, is retried and goes to the error queue in the
/// end, as any other that fails, and its transaction rolls back. NServiceBus itself waits forever. The handler cannot
/// be stopped, only abandoned: whatever it still does runs into an ended transaction.
/// </summary>
internal sealed class HandlerTimeLimit(TimeSpan limit) : Behavior<IInvokeHandlerContext>
{
    /// <summary>
    /// Far beyond any handler that works, and below the half hour after which RabbitMQ closes the channel.
    /// </summary>
    public static readonly TimeSpan Default = TimeSpan.FromMinutes(5);

    public override async Task Invoke(IInvokeHandlerContext context, Func<Task> next)
    {
        var handling = next();
        if (handling.IsCompleted)
        {
            await handling;
            return;
        }

        try
        {
            await handling.WaitAsync(limit, context.CancellationToken);
        }
        catch (TimeoutException) when (!handling.IsCompleted)
        {
            throw new HandlerTimeoutException(context.MessageHandler.HandlerType, context.MessageId, limit);
        }
    }
}

/// <summary>A handler has not returned in time.</summary>
public sealed class HandlerTimeoutException(Type handler, string messageId, TimeSpan limit) : Exception(
    $"{handler.FullName} has not returned from message '{messageId}' within {limit}. Let it honor the context's "
    + "CancellationToken and put a timeout on whatever it waits for, or raise Messaging:HandlerTimeLimit.");
