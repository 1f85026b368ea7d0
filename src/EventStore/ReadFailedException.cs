using Npgsql;

namespace EventStore;

/// <summary>
/// The log could not be read, for a reason that lies in the database and stays. The message names the way out.
/// </summary>
public sealed class ReadFailedException : Exception
{
    private ReadFailedException(string reason, PostgresException inner)
        : base($"The log cannot be read: {reason}", inner) => SqlState = inner.SqlState;

    /// <summary>
    /// What the server said: 42501 for a role that may not, 3F000 and others for a database without (this version of)
    /// the store.
    /// </summary>
    public string SqlState { get; }

    /// <summary>What was read, or this exception where it says more than the server did.</summary>
    internal static async Task<T> Explain<T>(Task<T> reading)
    {
        try
        {
            return await reading;
        }
        catch (PostgresException e) when (Of(e) is { } failure)
        {
            throw failure;
        }
    }

    /// <returns>Null: what the server said speaks for itself.</returns>
    private static ReadFailedException? Of(PostgresException failure)
    {
        var reason = failure.SqlState == PostgresErrorCodes.InsufficientPrivilege
            ? $"{failure.MessageText}. Connect with a role that was granted eventstore_reader."
            : Absence(failure);
        return reason is null ? null : new ReadFailedException(reason, failure);
    }

    /// <summary>What is wrong with a database that has no schema of the store, or another version of it.</summary>
    internal static string? Absence(PostgresException failure) => failure.SqlState is
        PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedTable
            or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedColumn
        ? $"the database has no event store of this program's version ({failure.MessageText}). Migrate it first, or "
            + "correct the connection string."
        : null;
}
