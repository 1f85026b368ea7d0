namespace Portable.Messaging.Extensibility;

/// <summary>Carries values beside its own members.</summary>
public interface IExtendable
{
    ContextBag Extensions { get; }
}
