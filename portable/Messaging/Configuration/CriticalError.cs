using Microsoft.Extensions.Logging;

namespace Portable.Messaging;

/// <summary>Where an endpoint reports that it can't do its work.</summary>
public class CriticalError
{
    private readonly Func<ICriticalErrorContext, CancellationToken, Task>? action;
    private readonly ILogger? logger;
    private readonly Func<CancellationToken, Task> stop;

    internal CriticalError(
        Func<ICriticalErrorContext, CancellationToken, Task>? action,
        Func<CancellationToken, Task> stop,
        ILogger logger) =>
        (this.action, this.stop, this.logger) = (action, stop, logger);

    /// <summary>Logs the error and runs the action configured with <c>DefineCriticalErrorAction</c>.</summary>
    public virtual void Raise(
        string errorMessage, Exception exception, CancellationToken cancellationToken = default)
    {
        logger?.LogCritical(exception, "{Error}", errorMessage);
        if (action is not null)
        {
            // The pump that raised it must not wait for it: the action may stop the endpoint.
            _ = Task.Run(() => Act(errorMessage, exception, cancellationToken), CancellationToken.None);
        }
    }

    private async Task Act(string errorMessage, Exception exception, CancellationToken cancellationToken)
    {
        try
        {
            await action!(new Context(stop, errorMessage, exception), cancellationToken);
        }
        catch (Exception e)
        {
            logger?.LogError(e, "The critical error action failed");
        }
    }

    private sealed record Context(Func<CancellationToken, Task> Stop, string Error, Exception Exception)
        : ICriticalErrorContext;
}
