using System.Data.Common;
using CommandLog.Sql;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace CommandLog;

internal sealed partial class PostgresCommandLog(
    NpgsqlDataSource database,
    CommandWaiters waiters,
    CommandAnnouncer announcer,
    CommandLogOptions options,
    ILogger<PostgresCommandLog> logger) : ICommandLog
{
    private static readonly TimeSpan WithdrawWithin = TimeSpan.FromSeconds(2);

    public async Task<AcceptResult> Accept(
        NewCommand command,
        Func<Guid, CancellationToken, Task> send,
        TimeSpan wait = default,
        CancellationToken cancellationToken = default)
    {
        // Before it is sent: then no outcome is missed, and none has to be looked for.
        using var waiter = wait > TimeSpan.Zero ? waiters.Enter(command.CommandId) : null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.AcceptWithin);
        CommandStatus status;
        try
        {
            var note = await NoteDown(command, limit.Token);
            if (note.Holder is { } other && !command.Key!.BodyHash.Span.SequenceEqual(other.BodyHash))
                return new KeyReused(command.Key.Key, other.CommandId);
            if (note.Status is null)
            {
                // The key stands for another id than ours; or another request with it has just taken its note back.
                var id = note.Holder?.CommandId ?? command.CommandId;
                return await Accept(command with { CommandId = id }, send, wait, cancellationToken);
            }

            status = note.Status;
            if (!status.IsDone)
                await Send(command, note.IsNew, send, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"Command {command.CommandId} could not be noted and sent within {options.AcceptWithin}.");
        }

        if (status.IsDone || waiter is null)
            return new Accepted(status);
        return new Accepted(await waiter.Done(wait, cancellationToken) ?? status);
    }

    public async Task Record(
        DbConnection connection,
        DbTransaction transaction,
        CommandOutcome outcome,
        CancellationToken cancellationToken = default)
    {
        await using var command =
            new NpgsqlCommand(SqlFile.RecordOutcome, (NpgsqlConnection)connection, (NpgsqlTransaction)transaction);
        var (status, token, rule, message) = outcome switch
        {
            CommandCompleted completed => ("completed", completed.Token, null, null),
            CommandRejected rejected => ("rejected", null, rejected.Rule, rejected.Message),
            CommandFailed failed => ("failed", (long?)null, (string?)null, (string?)failed.Message),
            _ => throw new ArgumentException($"{outcome.GetType()} is no outcome of a command.", nameof(outcome)),
        };
        command.Parameters.Add(Uuid(outcome.CommandId));
        command.Parameters.Add(Text(outcome.Tenant));
        command.Parameters.Add(Text(outcome.Type));
        command.Parameters.Add(Text(status));
        command.Parameters.Add(new() { Value = (object?)token ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(Text(rule));
        command.Parameters.Add(Text(message));
        await command.PrepareAsync(cancellationToken);
        if (await command.ExecuteNonQueryAsync(cancellationToken) > 0)
            announcer.Decided(outcome.CommandId);
    }

    public async Task<CommandStatus?> Find(
        string tenant, Guid commandId, CancellationToken cancellationToken = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = await StatusQuery.Run(connection, [commandId], cancellationToken);
        return found is [var status] && status.Tenant == tenant ? status : null;
    }

    public Task<CommandStatus?> WaitUntilDone(
        Guid commandId, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        waiters.WaitUntilDone(commandId, timeout, cancellationToken);

    /// <summary>Notes key and command where they are new, in one round trip; reads what was there before.</summary>
    private async Task<Note> NoteDown(NewCommand command, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        Holder? holder = null;
        DateTimeOffset? noted;
        await using (var batch = new NpgsqlBatch(connection))
        {
            Add(batch, command);
            await batch.PrepareAsync(cancellationToken);
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            noted = await reader.ReadAsync(cancellationToken) ? reader.GetFieldValue<DateTimeOffset>(0) : null;
            if (command.Key is not null && await reader.NextResultAsync(cancellationToken)
                && await reader.ReadAsync(cancellationToken))
            {
                holder = new Holder(reader.GetFieldValue<byte[]>(0), reader.GetGuid(1));
            }
        }

        var status = noted is { } at
            ? New(command, at)
            : (await StatusQuery.Run(connection, [command.CommandId], cancellationToken)).FirstOrDefault();
        return new Note(status, noted is not null, holder);
    }

    private static void Add(NpgsqlBatch batch, NewCommand command)
    {
        if (command.Key is not { } key)
        {
            batch.Add(SqlFile.AcceptCommand, Uuid(command.CommandId), Text(command.Tenant), Text(command.Type));
            return;
        }

        batch.Add(
            SqlFile.AcceptKey, Text(command.Tenant), Text(key.Key), Bytes(key.BodyHash), Uuid(command.CommandId));
        batch.Add(
            SqlFile.AcceptKeyedCommand,
            Uuid(command.CommandId), Text(command.Tenant), Text(command.Type), Text(key.Key), Bytes(key.BodyHash));
        batch.Add(SqlFile.FindKey, Text(command.Tenant), Text(key.Key));
    }

    private static CommandStatus New(NewCommand command, DateTimeOffset at) => new(
        command.CommandId, command.Tenant, command.Type, CommandState.Accepted, null, null, null, at, null);

    /// <summary>Sends; where that fails, takes back what was noted for it.</summary>
    private async Task Send(
        NewCommand command, bool isNew, Func<Guid, CancellationToken, Task> send, CancellationToken cancellationToken)
    {
        try
        {
            await send(command.CommandId, cancellationToken);
        }
        catch (Exception) when (isNew)
        {
            await Withdraw(command);
            throw;
        }
    }

    private async Task Withdraw(NewCommand command)
    {
        try
        {
            using var limit = new CancellationTokenSource(WithdrawWithin);
            await using var withdraw = database.CreateCommand(SqlFile.WithdrawCommand);
            withdraw.Parameters.Add(Uuid(command.CommandId));
            withdraw.Parameters.Add(Text(command.Tenant));
            withdraw.Parameters.Add(Text(command.Key?.Key));
            await withdraw.ExecuteNonQueryAsync(limit.Token);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            NotWithdrawn(logger, exception, command.CommandId);
        }
    }

    private static NpgsqlParameter Bytes(ReadOnlyMemory<byte> value) =>
        new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bytea };

    private static NpgsqlParameter Uuid(Guid value) => new NpgsqlParameter<Guid> { TypedValue = value };

    private static NpgsqlParameter Text(string? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Command {CommandId} was not sent, and its note could not be taken back: it shows as accepted.")]
    private static partial void NotWithdrawn(ILogger logger, Exception exception, Guid commandId);

    /// <summary>What the log holds of a command after it was noted.</summary>
    /// <param name="Status">Null where there is no note: the key stands for another command or another body.</param>
    /// <param name="IsNew">It was noted just now.</param>
    /// <param name="Holder">What the key stands for; null where the client gave none.</param>
    private sealed record Note(CommandStatus? Status, bool IsNew, Holder? Holder);

    private sealed record Holder(byte[] BodyHash, Guid CommandId);
}
