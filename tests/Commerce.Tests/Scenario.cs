using Commerce.Contracts;

namespace Commerce.Tests;

/// <summary>Given these events, when this is decided, then that happens.</summary>
internal sealed class Scenario<TState>(TState initial, Func<TState, object, TState> evolve)
{
    private TState state = initial;

    public Scenario<TState> Given(params ICommerceEvent[] history)
    {
        state = history.Aggregate(state, evolve);
        return this;
    }

    public Outcome When(Func<TState, Decision> decide) => new(decide(state));
}

internal sealed class Outcome(Decision decision)
{
    public void Then(params ICommerceEvent[] expected) =>
        Assert.Equivalent(expected, Assert.IsType<Accepted>(decision).Events, strict: true);

    public void ThenNothing() => Assert.Empty(Assert.IsType<Accepted>(decision).Events);

    /// <param name="named">What the message must name: the thing and the value.</param>
    public void ThenRejected(Rule rule, params string[] named)
    {
        var rejected = Assert.IsType<Rejected>(decision);
        Assert.Equal(rule, rejected.Rule);
        Assert.All(named, part => Assert.Contains(part, rejected.Message, StringComparison.Ordinal));
    }
}
