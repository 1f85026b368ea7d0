using System.Data.Common;

namespace CommandLog;

/// <summary>
/// What was asked and what became of it: one row per command, in PostgreSQL, schema <c>commandlog</c>. The command API
/// accepts into it, the command handlers record outcomes, and whoever asked can look or wait.
/// </summary>
public interface ICommandLog
{
    /// <summary>
    /// Notes a command as accepted, sends it, and waits for its outcome. Where it cannot be sent the note is taken back.
    /// A crash between the two leaves a note that nobody was told of: a repeated idempotency key finds it and sends the
    /// command again. The handler records the outcome whether or not the note is there.
    /// </summary>
    /// <remarks>
    /// An idempotency key seen before gives the first command's state instead. While that state is only accepted the
    /// command is sent again under its first id, which the receiver handles once; so <paramref name="send"/> gets the
    /// id.
    /// </remarks>
    /// <param name="send">Sends the command under the id given. Its exceptions pass through.</param>
    /// <param name="wait">
    /// How long to wait for the outcome once it is sent; zero: not at all. Nobody waits either where
    /// <see cref="CommandLogOptions.MaxWaiters"/> do already.
    /// </param>
    /// <exception cref="TimeoutException">
    /// It could not be noted and sent within <see cref="CommandLogOptions.AcceptWithin"/>; it counts as not sent.
    /// </exception>
    /// <exception cref="DbException">The database is away or refused; nothing was noted or sent.</exception>
    Task<AcceptResult> Accept(
        NewCommand command,
        Func<Guid, CancellationToken, Task> send,
        TimeSpan wait = default,
        CancellationToken cancellationToken = default);

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
