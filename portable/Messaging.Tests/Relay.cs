using System.Net;
using System.Net.Sockets;

namespace Portable.Messaging.Tests;

/// <summary>Stands between an endpoint and its broker and can fall silent: connections stay open and nothing passes, as
/// when the broker's machine is suspended.</summary>
public sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly Uri target;
    private readonly Task accepting;
    private volatile bool silent;

    public Relay(string broker)
    {
        target = new Uri(broker);
        listener.Start();
        Address = new UriBuilder(target) { Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port }
            .Uri.AbsoluteUri;
        accepting = Accept();
    }

    /// <summary>The broker's connection string, by way of this relay.</summary>
    public string Address { get; }

    public void FallSilent() => silent = true;

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Dispose();
        await accepting;
        ending.Dispose();
    }

    private async Task Accept()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(Serve(await listener.AcceptTcpClientAsync(ending.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        await far.ConnectAsync(target.Host, target.Port, ending.Token);
        await Task.WhenAny(Pass(near.GetStream(), far.GetStream()), Pass(far.GetStream(), near.GetStream()));
    }

    private async Task Pass(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            for (int count; (count = await from.ReadAsync(buffer, ending.Token)) > 0;)
            {
                if (silent)
                {
                    await Task.Delay(Timeout.Infinite, ending.Token);
                }

                await to.WriteAsync(buffer.AsMemory(0, count), ending.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One side has hung up: so does the other.
            return;
        }
    }
}
