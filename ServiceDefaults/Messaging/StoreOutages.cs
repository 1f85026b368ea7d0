using System.Net.Sockets;
using Npgsql;

namespace ServiceDefaults.Messaging;

/// <summary>
/// Recoverability for a store that is away: the message is not at fault, so it is retried until the store is back
/// instead of ending in the error queue after the retries that a broken message gets.
/// </summary>
internal static class StoreOutages
{
    /// <summary>Delays of 1, 2, 4, 4, … s: about ten minutes; then the message counts as failed.</summary>
    private const int MostRetries = 150;

    public static RecoverabilityAction Outlast(RecoverabilityConfig config, ErrorContext error) =>
        IsOutage(error.Exception) && error.DelayedDeliveriesPerformed < MostRetries
            ? RecoverabilityAction.DelayedRetry(Delay(error.DelayedDeliveriesPerformed))
            : DefaultRecoverabilityPolicy.Invoke(config, error);

    internal static TimeSpan Delay(int performed) => TimeSpan.FromSeconds(1 << Math.Min(performed, 2));

    /// <summary>
    /// The connection failed, or the server said that it cannot serve now (starting, stopping, out of connections). Not
    /// a serialization failure or a deadlock, which are transient too: an immediate retry settles those.
    /// </summary>
    internal static bool IsOutage(Exception? exception) => exception switch
    {
        null => false,
        PostgresException failure => failure.SqlState.StartsWith("57P", StringComparison.Ordinal)
            || failure.SqlState.StartsWith("08", StringComparison.Ordinal)
            || failure.SqlState == PostgresErrorCodes.TooManyConnections,
        NpgsqlException or SocketException => true,
        _ => IsOutage(exception.InnerException),
    };
}
