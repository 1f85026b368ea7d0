namespace Commerce.Contracts.Operations;

/// <summary>How far a projection has come.</summary>
/// <param name="Store">Where its model is: <c>postgres</c>, <c>redis</c> or <c>search</c>.</param>
/// <param name="Version">Of the declaration; a changed declaration has a new one.</param>
/// <param name="State">What it does now, such as <c>live</c>, <c>catching-up</c> or <c>paused</c>.</param>
/// <param name="Position">The log position up to which its model shows everything.</param>
/// <param name="LagEvents">Positions between the model and the end of the log: events still to come, at most.</param>
/// <param name="LagSeconds">How old the oldest event is that the model does not show yet; 0 when it shows all.</param>
public sealed record ProjectionStatus(
    string Name,
    string Store,
    int Version,
    string State,
    long Position,
    long LagEvents,
    double LagSeconds,
    DateTimeOffset UpdatedAt);
