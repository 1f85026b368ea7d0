namespace Projections.Engine.Running;

/// <summary>The projections of this process and how far each is.</summary>
public sealed class ProjectionSet
{
    private readonly IReadOnlyList<ProjectionProgress> all;

    internal ProjectionSet(IEnumerable<ProjectionRunner> runners) =>
        all = [.. runners.Select(runner => runner.Progress)];

    /// <summary>Waits until every projection has reached a position.</summary>
    /// <param name="patience">For each; they are waited for at the same time.</param>
    internal Task WaitFor(long position, TimeSpan patience, CancellationToken cancellationToken) =>
        Task.WhenAll(all.Select(progress => progress.WaitFor(position, patience, cancellationToken)));
}
