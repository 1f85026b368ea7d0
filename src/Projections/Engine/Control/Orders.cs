using Projections.Engine.Checkpoints;

namespace Projections.Engine.Control;

/// <summary>What is wanted of one projection at a moment, as the tables say.</summary>
/// <param name="Builds">The newest first.</param>
/// <param name="Requests">Open ones, the oldest first.</param>
internal sealed record Orders(IReadOnlyList<Build> Builds, bool Paused, IReadOnlyList<Request> Requests);

/// <summary>What a process tells about a model each second.</summary>
/// <param name="Live">The live build, where this process fills it.</param>
/// <param name="AsOf">When the model held all that the log held; null: it is behind.</param>
/// <param name="Fills">Whether it has the lease; else it stands by.</param>
internal sealed record SignOfLife(IReadModel Model, bool Fills, Build? Live, DateTimeOffset? AsOf);
