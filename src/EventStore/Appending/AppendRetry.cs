using System.Diagnostics;
using EventStore.Partitions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventStore.Appending;

/// <summary>
/// Runs batches in transactions of their own, over one connection that is kept from batch to batch; again where that
/// can help: after a deadlock, and after a lost connection, where the ids of the appends make the second try answer for
/// the first.
/// </summary>
internal sealed class AppendRetry(
    NpgsqlDataSource dataSource, PartitionKeeper partitions, TimeSpan retryFor, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan[] Pauses =
        [.. new[] { 20, 100, 500, 1000, 2000 }.Select(ms => TimeSpan.FromMilliseconds(ms))];

    private NpgsqlConnection? connection;
    private AppendStatement? statement;

    public bool HoldsConnection => connection is not null;

    /// <param name="patience">How long to wait for each lock of another transaction.</param>
    /// <param name="since">When the first caller came: not tried again for ever.</param>
    /// <exception cref="PostgresException">55P03: a lock was not to be had; not tried again.</exception>
    public async Task<AppendResult[]> Run(
        IReadOnlyList<EncodedAppend> appends, TimeSpan patience, long since, CancellationToken cancellationToken)
    {
        var unknown = false;
        for (var attempt = 0; ; attempt++)
        {
            var sent = false;
            try
            {
                if (statement is null)
                {
                    connection = await dataSource.OpenConnectionAsync(cancellationToken);
                    statement = new AppendStatement(connection);
                }
                sent = true;
                return await statement.Run(appends, patience, cancellationToken);
            }
            catch (NpgsqlException e) when (IsWorthRetrying(e) && attempt < Pauses.Length
                && Stopwatch.GetElapsedTime(since) < retryFor)
            {
                // An answer of the server is definite: it has rolled back. Silence is not.
                unknown |= sent && IsUndecided(e);
                logger.LogWarning(e, "Append of {Count} requests failed (attempt {Attempt}); trying again.",
                    appends.Count, attempt + 1);
                await Release();
                await Task.Delay(Pauses[attempt], cancellationToken);
                if (IsMissingPartition(e))
                    await partitions.Add(connection: null, cancellationToken);
            }
            catch (Exception e) when (e is NpgsqlException or OperationCanceledException
                && (unknown || (sent && IsUndecided(e))))
            {
                await Release();
                throw new OutcomeUnknown(e);
            }
            catch
            {
                await Release();
                throw;
            }
        }
    }

    private bool IsUndecided(Exception e) => e is not PostgresException || statement is { IsAnswered: true };

    /// <summary>Gives the connection back until the next batch.</summary>
    public async ValueTask Release()
    {
        var (oldStatement, oldConnection) = (statement, connection);
        (statement, connection) = (null, null);
        if (oldStatement is not null)
            await oldStatement.DisposeAsync();
        if (oldConnection is not null)
            await oldConnection.DisposeAsync();
    }

    public ValueTask DisposeAsync() => Release();

    /// <summary>The exception that a caller gets.</summary>
    public static Exception Explain(Exception failure, EncodedAppend append) => failure switch
    {
        OutcomeUnknown => new AppendOutcomeUnknownException(
            append.Request.Metadata.CommandId, failure.InnerException!),
        PostgresException refusal => AppendFailedException.Of(refusal, append.Request) ?? failure,
        _ => failure,
    };

    public static bool IsLocked(Exception e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };

    /// <summary>"No partition of relation "events" found for row".</summary>
    private static bool IsMissingPartition(NpgsqlException e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.CheckViolation };

    private static bool IsWorthRetrying(NpgsqlException e) => e is PostgresException { SqlState: var state }
        ? state is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections
            || IsMissingPartition(e)
        : e.IsTransient || e.InnerException is IOException or System.Net.Sockets.SocketException;

    private sealed class OutcomeUnknown(Exception inner) : Exception(inner.Message, inner);
}
