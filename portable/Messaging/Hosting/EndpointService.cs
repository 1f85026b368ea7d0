using Microsoft.Extensions.Hosting;

namespace Portable.Messaging.Hosting;

/// <summary>Starts an endpoint with its host and stops it with it.</summary>
internal sealed class EndpointService(EndpointRuntime runtime) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => runtime.Start(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => runtime.Stop(cancellationToken);
}
