using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventStore.Appending;

/// <summary>
/// Runs a batch in a transaction of its own, again where that can help: after a deadlock, and after a lost connection,
/// where the ids of the appends make the second try answer for the first.
/// </summary>
internal static class AppendRetry
{
    private static readonly TimeSpan[] Pauses =
        [.. new[] { 20, 100, 500, 1000, 2000 }.Select(ms => TimeSpan.FromMilliseconds(ms))];

    public static async Task<AppendResult[]> Run(
        NpgsqlDataSource dataSource,
        IReadOnlyList<EncodedAppend> appends,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        var unknown = false;
        for (var attempt = 0; ; attempt++)
        {
            var sent = false;
            try
            {
                await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
                sent = true;
                return await AppendStatement.Run(appends, connection, cancellationToken);
            }
            catch (NpgsqlException e) when (IsWorthRetrying(e) && attempt < Pauses.Length)
            {
                // An answer of the server is definite: it has rolled back. Silence is not.
                unknown |= sent && e is not PostgresException;
                logger.LogWarning(e, "Append of {Count} requests failed (attempt {Attempt}); trying again.",
                    appends.Count, attempt + 1);
                await Task.Delay(Pauses[attempt], cancellationToken);
            }
            catch (Exception e) when (e is NpgsqlException or OperationCanceledException
                && (unknown || (sent && e is not PostgresException)))
            {
                throw new OutcomeUnknown(e);
            }
        }
    }

    /// <summary>The exception that a caller gets.</summary>
    public static Exception Explain(Exception failure, EncodedAppend append) => failure is OutcomeUnknown
        ? new AppendOutcomeUnknownException(append.Request.Metadata.CommandId, failure.InnerException!)
        : failure;

    private static bool IsWorthRetrying(NpgsqlException e) => e is PostgresException { SqlState: var state }
        ? state is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections
            or PostgresErrorCodes.LockNotAvailable
        : e.IsTransient || e.InnerException is IOException or System.Net.Sockets.SocketException;

    private sealed class OutcomeUnknown(Exception inner) : Exception(inner.Message, inner);
}
