namespace Commerce.Contracts;

/// <summary>A business rule that a command can break.</summary>
/// <param name="Name">As in the problem type <c>urn:rule:NAME</c>; never changes once published.</param>
/// <param name="RequestAtFault">
/// True where the request can be judged by itself and would be refused at any time (HTTP 422); false where the state
/// of the system stands against it and may change (HTTP 409).
/// </param>
public sealed record Rule(string Name, bool RequestAtFault);
