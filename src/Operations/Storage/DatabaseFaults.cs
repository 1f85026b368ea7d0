using Npgsql;

namespace Operations.Storage;

internal static class DatabaseFaults
{
    /// <summary>Whether the same work may succeed later: the database is away, starting, or broke a deadlock.</summary>
    public static bool MayPass(Exception exception) => exception
        is NpgsqlException { IsTransient: true } or TimeoutException or System.Net.Sockets.SocketException;
}
