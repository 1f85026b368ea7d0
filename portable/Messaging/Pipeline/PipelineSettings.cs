using Microsoft.Extensions.DependencyInjection;

namespace Portable.Messaging.Pipeline;

/// <summary>Steps of one's own in the pipelines: behaviors of the incoming physical, incoming logical and
/// invoke-handler stages and of the outgoing logical and physical stages. They run in the order of their
/// registration, outermost first.</summary>
public class PipelineSettings
{
    internal PipelineSettings()
    {
    }

    internal List<Registration> Registrations { get; } = [];

    public void Register(Type behavior, string description) =>
        Register(NameOf(behavior), behavior, description);

    public void Register(string stepId, Type behavior, string description)
    {
        ArgumentNullException.ThrowIfNull(behavior);
        Add(stepId, behavior, description, services =>
            (IBehavior)ActivatorUtilities.GetServiceOrCreateInstance(services, behavior));
    }

    public void Register<TBehavior>(string description) => Register(typeof(TBehavior), description);

    public void Register<T>(Func<IServiceProvider, T> factoryMethod, string description)
        where T : IBehavior =>
        Register(NameOf(typeof(T)), factoryMethod, description);

    public void Register<T>(string stepId, Func<IServiceProvider, T> factoryMethod, string description)
        where T : IBehavior
    {
        ArgumentNullException.ThrowIfNull(factoryMethod);
        Add(stepId, typeof(T), description, services => factoryMethod(services));
    }

    public void Register<T>(T behavior, string description)
        where T : IBehavior
    {
        ArgumentNullException.ThrowIfNull(behavior);
        Register(NameOf(behavior.GetType()), behavior, description);
    }

    public void Register<T>(string stepId, T behavior, string description)
        where T : IBehavior
    {
        ArgumentNullException.ThrowIfNull(behavior);
        Add(stepId, behavior.GetType(), description, _ => behavior);
    }

    private void Add(string stepId, Type type, string description, Func<IServiceProvider, IBehavior> create)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(stepId);
        ArgumentException.ThrowIfNullOrWhiteSpace(description);
        if (Registrations.Exists(r => r.StepId == stepId))
        {
            throw new InvalidOperationException(
                $"A pipeline step with the id '{stepId}' is already registered. Give this one an id of its own.");
        }

        Registrations.Add(new Registration(stepId, type, create));
    }

    private static string NameOf(Type behavior)
    {
        ArgumentNullException.ThrowIfNull(behavior);
        return behavior.FullName!;
    }

    internal sealed record Registration(string StepId, Type Type, Func<IServiceProvider, IBehavior> Create);
}
