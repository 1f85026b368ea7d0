namespace Portable.Messaging.Extensibility;

/// <summary>What all outgoing operations can be given: headers, a message id and values for behaviors.</summary>
public abstract class ExtendableOptions
{
    private Dictionary<string, string>? headers;
    private ContextBag? context;

    internal string? MessageId { get; set; }

    internal bool ImmediateDispatch { get; set; }

    internal Dictionary<string, string> OutgoingHeaders => headers ??= [];

    internal bool HasHeaders => headers is { Count: > 0 };

    internal ContextBag Context => context ??= new ContextBag();
}

/// <summary>Access to the values beside an operation's options.</summary>
public static class ExtendableOptionsExtensions
{
    public static ContextBag GetExtensions(this ExtendableOptions options) => options.Context;
}
