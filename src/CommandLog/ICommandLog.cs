using System.Data.Common;

namespace CommandLog;

/// <summary>
/// What was asked and what became of it: one row per command, in PostgreSQL, schema <c>commandlog</c>. The command API
/// accepts into it, the command handlers record outcomes, and whoever asked can look or wait.
/// </summary>
public interface ICommandLog
{
    /// <summary>
    /// Notes a command as accepted and sends it, both or neither: the send runs inside the transaction, and where it
    /// throws nothing stays behind. A crash between send and commit loses nothing either: the handler records the
    /// outcome whether or not the row is there, and a repeated idempotency key finds it.
    /// </summary>
    /// <remarks>
    /// An idempotency key seen before gives the first command's state instead. While that state is only accepted the
    /// command is sent again under its first id, which the receiver handles once; so <paramref name="send"/> gets the
    /// id.
    /// </remarks>
    /// <param name="send">Sends the command under the id given. Its exceptions pass through.</param>
    /// <exception cref="DbException">The database is away or refused; nothing was noted, and the send may not have
    /// run.</exception>
    Task<AcceptResult> Accept(
        NewCommand command, Func<Guid, CancellationToken, Task> send, CancellationToken cancellationToken = default);

    /// <summary>
    /// Records what became of a command, in the handler's own transaction: it stands when that commits, and those who
    /// wait are told within milliseconds. An outcome once completed or rejected stays; a failure gives way to whatever
    /// follows it.
    /// </summary>
    Task Record(
        DbConnection connection,
        DbTransaction transaction,
        CommandOutcome outcome,
        CancellationToken cancellationToken = default);

    /// <summary>The state of a command; null where this tenant never sent it.</summary>
    Task<CommandStatus?> Find(string tenant, Guid commandId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits until a command is done (completed, rejected or failed).
    /// </summary>
    /// <returns>
    /// Its state; null where it was not done in time, or where <see cref="CommandLogOptions.MaxWaiters"/> wait already.
    /// </returns>
    Task<CommandStatus?> WaitUntilDone(Guid commandId, TimeSpan timeout, CancellationToken cancellationToken = default);
}
