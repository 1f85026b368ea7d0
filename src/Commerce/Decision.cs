using Commerce.Contracts;

namespace Commerce;

/// <summary>
/// What a command comes to, given the state: <see cref="Accepted"/> with the events that happen, none where nothing
/// needs to change, or <see cref="Rejected"/> by a rule. Deciders are pure and total: every state and command has one.
/// </summary>
public abstract record Decision
{
    private protected Decision() { }

    /// <summary>Accepted, and nothing to change.</summary>
    public static Decision Nothing { get; } = new Accepted([]);

    public static Decision Accept(params IReadOnlyList<ICommerceEvent> events) => new Accepted(events);

    /// <param name="message">Names the thing, the value and the way out; for the client's eyes.</param>
    public static Decision Reject(Rule rule, string message) => new Rejected(rule, message);
}

/// <param name="Events">In the order they happen.</param>
public sealed record Accepted(IReadOnlyList<ICommerceEvent> Events) : Decision;

/// <inheritdoc cref="Decision.Reject"/>
public sealed record Rejected(Rule Rule, string Message) : Decision;
