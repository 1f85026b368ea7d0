namespace Commerce.Contracts.Operations;

/// <summary>How far a projection has come.</summary>
/// <param name="Store">Where its model is: <c>postgres</c>, <c>redis</c> or <c>elasticsearch</c>.</param>
/// <param name="Version">Of the declaration that made the model; a changed declaration has a new one.</param>
/// <param name="State">
/// <c>live</c> (shows all of the log), <c>catching-up</c>, or <c>stopped</c> (<paramref name="Error"/> says why).
/// </param>
/// <param name="Position">The log position up to which the model shows everything.</param>
/// <param name="Head">The last position of the log, as the projection last saw it.</param>
/// <param name="LagEvents">Positions between the two: events still to come, at most.</param>
/// <param name="LagSeconds">
/// Seconds since the model last showed everything: about one while idle, as that is how often it is looked at. Null
/// before it did for the first time.
/// </param>
/// <param name="ParkedStreams">Streams left out because an event of theirs could not be applied.</param>
public sealed record ProjectionStatus(
    string Name,
    string Store,
    int Version,
    string State,
    long Position,
    long Head,
    long LagEvents,
    double? LagSeconds,
    long ParkedStreams,
    DateTimeOffset? LastEventAt,
    string? Error);
