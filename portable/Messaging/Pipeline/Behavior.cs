using Portable.Messaging.Extensibility;

namespace Portable.Messaging.Pipeline;

/// <summary>A step of a pipeline; derive from <see cref="Behavior{TContext}"/>.</summary>
public interface IBehavior;

/// <summary>A step that takes one context and passes on another.</summary>
public interface IBehavior<in TInContext, out TOutContext> : IBehavior
    where TInContext : IBehaviorContext
    where TOutContext : IBehaviorContext
{
    Task Invoke(TInContext context, Func<TOutContext, Task> next);
}

/// <summary>A step of one's own in the stage of <typeparamref name="TContext"/>: it runs around everything that
/// follows. Instances are shared by all messages.</summary>
public abstract class Behavior<TContext> : IBehavior<TContext, TContext>
    where TContext : IBehaviorContext
{
    public Task Invoke(TContext context, Func<TContext, Task> next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        return Invoke(context, () => next(context));
    }

    public abstract Task Invoke(TContext context, Func<Task> next);
}

/// <summary>What every step of a pipeline is given.</summary>
public interface IBehaviorContext : IExtendable, ICancellableContext
{
    /// <summary>Services in the scope of the message.</summary>
    IServiceProvider Builder { get; }
}
