namespace Portable.Messaging.Pipeline;

/// <summary>Runs the behaviors of one stage around what the stage does.</summary>
internal sealed class BehaviorChain<TContext>
    where TContext : class, IBehaviorContext
{
    private readonly Behavior<TContext>[] behaviors;

    public BehaviorChain(PipelineSettings settings, IServiceProvider services) =>
        behaviors =
        [
            .. settings.Registrations
                .Where(r => typeof(Behavior<TContext>).IsAssignableFrom(r.Type))
                .Select(r => (Behavior<TContext>)r.Create(services)),
        ];

    public bool IsEmpty => behaviors.Length == 0;

    public Task Run(TContext context, Func<Task> work) => Step(0, context, work);

    private Task Step(int index, TContext context, Func<Task> work) => index == behaviors.Length
        ? work()
        : behaviors[index].Invoke(context, () => Step(index + 1, context, work));
}
