using System.Net;
using System.Net.Sockets;
using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting.Running;

/// <summary>
/// The ports of a resource's instances. A single instance listens on the endpoints' own ports; replicas listen on ports
/// of theirs, and a forwarder on the endpoint's port hands connections to them in turn.
/// </summary>
internal sealed class ReplicaPorts : IAsyncDisposable
{
    private readonly IReadOnlyList<Dictionary<string, int>> ports;
    private readonly List<Forwarder> forwarders = [];

    public ReplicaPorts(IResource resource, PortReservations reservations)
    {
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToList();
        var count = resource.GetReplicaCount();
        ports =
        [
            .. Enumerable.Range(0, count).Select(_ => endpoints.ToDictionary(
                endpoint => endpoint.Name,
                endpoint => count == 1 ? endpoint.AllocatedEndpoint!.Port : reservations.Reserve())),
        ];
        if (count == 1) return;
        foreach (var endpoint in endpoints)
        {
            forwarders.Add(new Forwarder(
                endpoint.AllocatedEndpoint!.Port, [.. ports.Select(replica => replica[endpoint.Name])]));
        }
    }

    /// <summary>Ports of an instance by the names of the endpoints.</summary>
    public IReadOnlyDictionary<string, int> Of(int replica) => ports[replica];

    public async ValueTask DisposeAsync()
    {
        foreach (var forwarder in forwarders) await forwarder.DisposeAsync();
    }

    /// <summary>Forwards connections on one port to several others, in turn, past those that do not answer.</summary>
    private sealed class Forwarder : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly TcpListener listener;
        private readonly IReadOnlyList<int> targets;
        private readonly Task accepting;
        private int next = -1;

        public Forwarder(int port, IReadOnlyList<int> targets)
        {
            this.targets = targets;
            listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            accepting = Accept();
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            listener.Stop();
            await accepting;
            stop.Dispose();
        }

        private async Task Accept()
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    _ = Forward(await listener.AcceptTcpClientAsync(stop.Token));
                }
                catch (Exception failure) when (failure is OperationCanceledException or SocketException)
                {
                    return;
                }
            }
        }

        private async Task Forward(TcpClient client)
        {
            using (client)
            {
                try
                {
                    using var target = await Connect();
                    if (target is null) return;
                    await using var near = client.GetStream();
                    await using var far = target.GetStream();
                    await Task.WhenAny(near.CopyToAsync(far, stop.Token), far.CopyToAsync(near, stop.Token));
                }
                catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException)
                {
                    // One side hung up: the other learns it from the closed connection.
                }
            }
        }

        private async Task<TcpClient?> Connect()
        {
            for (var attempt = 0; attempt < targets.Count; attempt++)
            {
                var target = new TcpClient { NoDelay = true };
                try
                {
                    var turn = (int)((uint)Interlocked.Increment(ref next) % (uint)targets.Count);
                    await target.ConnectAsync(IPAddress.Loopback, targets[turn], stop.Token);
                    return target;
                }
                catch (SocketException)
                {
                    target.Dispose();
                }
            }
            return null;
        }
    }
}
