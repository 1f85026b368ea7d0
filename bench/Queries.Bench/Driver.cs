using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Queries.Bench;

/// <summary>
/// The load: connections that each send a request, read its answer and send the next; HTTP/1.1 keep-alive, no
/// pipelining. A process of its own, so that its garbage and its threads are not the server's.
/// </summary>
internal static class Driver
{
    /// <param name="args">Port, connections, seconds, file of targets (used in turn), headers.</param>
    public static async Task<int> Run(string[] args)
    {
        var (port, connections, seconds) = (int.Parse(args[0]), int.Parse(args[1]), double.Parse(args[2]));
        var requests = (await File.ReadAllLinesAsync(args[3])).Select(target => Request(target, args[4..])).ToArray();
        using var ending = new CancellationTokenSource();
        var latencies = new List<float>[connections];
        var clients = Enumerable.Range(0, connections).Select(i => Task.Run(() => Drive(
            port, requests, i * requests.Length / connections, latencies[i] = new(100_000), ending.Token))).ToArray();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        await ending.CancelAsync();
        await Task.WhenAll(clients);
        var all = latencies.SelectMany(list => list).Order().ToArray();
        Console.WriteLine(JsonSerializer.Serialize(new[]
        {
            all.Length, all[(int)((all.Length - 1) * 0.5)], all[(int)((all.Length - 1) * 0.99)],
        }));
        return 0;
    }

    private static byte[] Request(string target, string[] headers) => Encoding.ASCII.GetBytes(
        $"GET {target} HTTP/1.1\r\nHost: bench\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n");

    private static async Task Drive(
        int port, byte[][] requests, int first, List<float> latencies, CancellationToken ending)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var buffer = new byte[256 * 1024];
        for (var i = first; !ending.IsCancellationRequested; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await socket.SendAsync(requests[i % requests.Length], SocketFlags.None);
            await Receive(socket, buffer);
            latencies.Add((float)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    private static async Task Receive(Socket socket, byte[] buffer)
    {
        var (received, expected) = (0, int.MaxValue);
        while (received < expected)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(received), SocketFlags.None);
            if (count == 0)
                throw new IOException("The server closed the connection.");
            received += count;
            if (expected == int.MaxValue)
                expected = Expected(buffer.AsSpan(0, received));
        }
    }

    /// <returns>The length of head and body; the largest number as long as the head is not complete.</returns>
    private static int Expected(ReadOnlySpan<byte> received)
    {
        var head = received.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return int.MaxValue;
        if (!received.StartsWith("HTTP/1.1 200"u8))
            throw new IOException($"Not 200: {Encoding.UTF8.GetString(received)}");
        var length = received.IndexOf("Content-Length: "u8) + "Content-Length: ".Length;
        return Utf8Parser.TryParse(received[length..], out int body, out _)
            ? head + 4 + body
            : throw new IOException("An answer without Content-Length.");
    }

    /// <summary>Starts a driver and waits for its figures.</summary>
    public static async Task<Outcome> Start(
        int port, int connections, TimeSpan duration, IEnumerable<string> targets, CancellationToken cancellationToken,
        params string[] headers)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(file, targets, cancellationToken);
            using var server = Process.GetCurrentProcess();
            var before = server.TotalProcessorTime;
            var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
            foreach (var argument in new[] { "drive", $"{port}", $"{connections}", $"{duration.TotalSeconds}", file })
                start.ArgumentList.Add(argument);
            foreach (var header in headers)
                start.ArgumentList.Add(header);
            using var driver = Process.Start(start)!;
            var text = await driver.StandardOutput.ReadToEndAsync(cancellationToken);
            await driver.WaitForExitAsync(cancellationToken);
            server.Refresh();
            var figures = JsonSerializer.Deserialize<double[]>(text)
                ?? throw new InvalidOperationException("The driver said nothing.");
            var cpu = server.TotalProcessorTime - before;
            return new Outcome(
                figures[0] / duration.TotalSeconds, figures[1], figures[2], cpu.TotalMicroseconds / figures[0]);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
