namespace Projections.Engine.Control;

/// <summary>What an operator asks of a projection.</summary>
/// <param name="Action">rebuild, drop, retry, skip or check.</param>
/// <param name="Build">Of drop; null: every build that is not live.</param>
/// <param name="From">Of rebuild: the position to begin behind.</param>
/// <param name="Stream">Of retry and skip; null: every parked stream.</param>
/// <param name="Sample">Of check: how many entities.</param>
/// <param name="Repair">Of check: whether to set entities right that differ from the log.</param>
internal sealed record Request(
    string Projection, long Id, string Action, int? Build, long? From, string? Stream, string By, int? Sample,
    bool Repair);

/// <summary>A request that is answered with a refusal, in words for the operator.</summary>
internal sealed class RequestRefusedException(string message) : Exception(message);
