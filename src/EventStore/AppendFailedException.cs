using Npgsql;

namespace EventStore;

/// <summary>
/// An append was not possible, for a reason that lies not in the request but in the database or in its load: nothing
/// was written. The message names the way out.
/// </summary>
public sealed class AppendFailedException : Exception
{
    private AppendFailedException(string stream, Guid commandId, string reason, PostgresException? inner)
        : base($"Nothing was written to '{stream}' for command {commandId}: {reason}", inner) =>
        (Stream, CommandId, SqlState) = (stream, commandId, inner?.SqlState);

    /// <summary>The first stream of the append.</summary>
    public string Stream { get; }

    public Guid CommandId { get; }

    /// <summary>
    /// What the server said: 55P03 for a stream, key or tag that stayed locked, 42501 for a role that may not, 3F000
    /// and others for a database without (this version of) the store; null where it was not asked.
    /// </summary>
    public string? SqlState { get; }

    internal static AppendFailedException Overdue(AppendRequest request, TimeSpan waited) => new(
        request.Streams[0].Stream,
        request.Metadata.CommandId,
        $"it waited {waited.TotalSeconds:0} s and no writer was free. The database does not answer or cannot keep up; "
        + "repeat it later.",
        inner: null);

    /// <returns>Null: what the server said speaks for itself.</returns>
    internal static AppendFailedException? Of(PostgresException failure, AppendRequest request)
    {
        var reason = failure.SqlState switch
        {
            PostgresErrorCodes.LockNotAvailable =>
                "a transaction that was left open has locked one of its streams, keys or tags for too long. Find it in "
                + "pg_stat_activity and end it, then repeat the append.",
            PostgresErrorCodes.InsufficientPrivilege =>
                $"{failure.MessageText}. Connect with a role that was granted eventstore_writer.",
            PostgresErrorCodes.NumericValueOutOfRange =>
                $"a stream's version is at its end ({failure.MessageText}). Go on in another stream.",
            _ => ReadFailedException.Absence(failure),
        };
        return reason is null
            ? null
            : new AppendFailedException(request.Streams[0].Stream, request.Metadata.CommandId, reason, failure);
    }
}
