using System.Net;
using System.Net.Sockets;

namespace Portable.Hosting.Running;

/// <summary>
/// Free ports, held for this process until it ends. They lie below the range from which the system takes ports for
/// outgoing connections, and a locked file per port keeps app hosts that start at the same time from taking the same
/// one.
/// </summary>
internal sealed class PortReservations : IDisposable
{
    private const int First = 20_000;
    private const int End = 32_000;
    private const int Attempts = 500;

    private readonly List<FileStream> held = [];

    /// <exception cref="DistributedApplicationException">No port is free.</exception>
    public int Reserve()
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var port = Random.Shared.Next(First, End);
            if (TryReserve(port)) return port;
        }
        throw new DistributedApplicationException($"Found no free port between {First} and {End}.");
    }

    /// <summary>Holds this port, if nothing listens there and no other app host holds it.</summary>
    public bool TryReserve(int port)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"portable-hosting-{Environment.UserName}", "ports");
        Directory.CreateDirectory(folder);
        var claim = TryClaim(Path.Combine(folder, $"{port}"));
        if (claim is null) return false;
        if (!IsFree(port))
        {
            claim.Dispose();
            return false;
        }
        lock (held) held.Add(claim);
        return true;
    }

    /// <summary>Whether nothing listens on the port on loopback, in either protocol version.</summary>
    public static bool IsFree(int port) =>
        CanListen(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanListen(IPAddress.IPv6Loopback, port));

    public void Dispose()
    {
        lock (held)
        {
            foreach (var claim in held) claim.Dispose();
            held.Clear();
        }
    }

    private static FileStream? TryClaim(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool CanListen(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported;
        }
    }
}
