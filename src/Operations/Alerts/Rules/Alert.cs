namespace Operations.Alerts.Rules;

internal enum AlertState
{
    Ok,
    Raised,
}

/// <summary>An alert has been raised or has ended.</summary>
internal sealed record AlertChange(AlertRule Rule, AlertState State, DateTimeOffset At, string Words);

/// <summary>
/// One rule with its memory: raised when its limit stays broken, ended when the value stays clear of it. In between,
/// and while nothing is known, it stays as it is.
/// </summary>
internal sealed class Alert(AlertRule rule, DateTimeOffset now)
{
    private DateTimeOffset? brokenSince;
    private DateTimeOffset? clearSince;

    public AlertRule Rule { get; } = rule;

    public AlertState State { get; private set; } = AlertState.Ok;

    /// <summary>Since when it is in this state.</summary>
    public DateTimeOffset Since { get; private set; } = now;

    public Reading Last { get; private set; } = Reading.Idle();

    /// <summary>
    /// Whether its state is known: not so just after a start, when it may only not have been raised yet.
    /// </summary>
    public bool IsSettled { get; private set; }

    /// <returns>What changed; null: nothing.</returns>
    public AlertChange? Take(Reading reading, DateTimeOffset now)
    {
        Last = reading;
        brokenSince = reading.IsBroken ? brokenSince ?? now : null;
        clearSince = reading.IsClear ? clearSince ?? now : null;
        var isBroken = brokenSince is { } broken && now - broken >= Rule.RaiseAfter;
        var isClear = clearSince is { } clear && now - clear >= Rule.ClearAfter;
        IsSettled |= isBroken || isClear;
        return (State, isBroken, isClear) switch
        {
            (AlertState.Ok, true, _) => Turn(AlertState.Raised, now),
            (AlertState.Raised, _, true) => Turn(AlertState.Ok, now),
            _ => null,
        };
    }

    private AlertChange Turn(AlertState state, DateTimeOffset now)
    {
        var lasted = now - Since;
        (State, Since) = (state, now);
        return new AlertChange(
            Rule,
            state,
            now,
            state == AlertState.Raised ? AlertWords.Of(Rule, Last) : $"Over after {AlertWords.Of(lasted)}.");
    }
}
