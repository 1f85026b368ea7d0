namespace Portable.Messaging.Persistence;

/// <summary>Names a storage for sagas and the outbox.</summary>
public abstract class PersistenceDefinition;

/// <summary>Creates a <typeparamref name="TDefinition"/>.</summary>
public interface IPersistenceDefinitionFactory<out TDefinition>
    where TDefinition : PersistenceDefinition, IPersistenceDefinitionFactory<TDefinition>
{
    static abstract TDefinition Create();
}
