using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Chaos.EventStore;

/// <summary>
/// Stands between clients and a server, and can fall silent as a network does whose packets get lost: connections stay
/// open, new ones are taken in, and nothing comes through. What was held back meanwhile arrives late, or never and its
/// connection is reset.
/// </summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentBag<Task> links = [];
    private readonly string host;
    private readonly int port;
    private readonly Task accepting;
    private volatile TaskCompletionSource<bool> open = Opened();

    public TcpProxy(string host, int port)
    {
        (this.host, this.port) = (host, port);
        listener.Start();
        accepting = Task.Run(Accept);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>From now on nothing comes through.</summary>
    public void Silence() => open = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets everything through again.</summary>
    /// <param name="deliver">What was held back arrives now; or never, and its connections are reset.</param>
    public void Heal(bool deliver)
    {
        var waiting = open;
        open = Opened();
        waiting.TrySetResult(deliver);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(links);
        stopping.Dispose();
    }

    private static TaskCompletionSource<bool> Opened()
    {
        var opened = new TaskCompletionSource<bool>();
        opened.SetResult(true);
        return opened;
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stopping.Token);
                links.Add(Task.Run(() => Link(client)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Going down.
        }
    }

    private async Task Link(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await server.ConnectAsync(host, port, stopping.Token);
                // A side that has ended ends the other only when all is through: the server may read what comes late.
                await Task.WhenAll(Pass(client, server), Pass(server, client));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException
                or ObjectDisposedException or InvalidOperationException)
            {
                // One side is gone; both are closed.
            }
        }
    }

    private async Task Pass(TcpClient from, TcpClient to)
    {
        var buffer = new byte[16 * 1024];
        int read;
        try
        {
            while ((read = await from.GetStream().ReadAsync(buffer, stopping.Token)) > 0)
            {
                if (!await open.Task.WaitAsync(stopping.Token))
                {
                    from.Client.Close(0);
                    to.Client.Close(0);
                    return;
                }
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), stopping.Token);
            }
            await open.Task.WaitAsync(stopping.Token);
        }
        finally
        {
            if (to.Connected)
                to.Client.Shutdown(SocketShutdown.Send);
        }
    }
}
