using Npgsql;

namespace Operations.Storage;

internal static class DatabaseFaults
{
    /// <summary>
    /// Whether the same work may succeed later: the database is away, starting, broke a deadlock, or has not been
    /// migrated yet, as it was away when this process started.
    /// </summary>
    public static bool MayPass(Exception? exception) => exception
        is NpgsqlException { IsTransient: true } or TimeoutException or System.Net.Sockets.SocketException
        or PostgresException
        {
            SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn
            or PostgresErrorCodes.InvalidSchemaName,
        };
}
