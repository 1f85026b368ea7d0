namespace Projections.Engine.Running;

/// <summary>Starts and stops the runners of a process with it.</summary>
internal sealed class ProjectionService(IReadOnlyList<ProjectionRunner> runners) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(runners.Select(runner => runner.StartAsync(cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(runners.Select(runner => runner.StopAsync(cancellationToken)));
}
