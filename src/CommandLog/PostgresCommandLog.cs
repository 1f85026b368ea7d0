using System.Data.Common;
using CommandLog.Sql;
using Npgsql;
using NpgsqlTypes;

namespace CommandLog;

internal sealed class PostgresCommandLog(
    NpgsqlDataSource database, CommandWaiters waiters, CommandAnnouncer announcer) : ICommandLog
{
    public async Task<AcceptResult> Accept(
        NewCommand command, Func<Guid, CancellationToken, Task> send, CancellationToken cancellationToken = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (holder, status) = await Note(command, connection, transaction, cancellationToken);
        if (holder is { } other && !command.Key!.BodyHash.Span.SequenceEqual(other.BodyHash))
            return new KeyReused(command.Key.Key, other.CommandId); // leaving disposes the transaction: rolled back
        if (holder is { } first && first.CommandId != command.CommandId)
        {
            // The key was claimed for another id than ours, so what we noted is void and the first command counts.
            await transaction.RollbackAsync(cancellationToken);
            return await Accept(command with { CommandId = first.CommandId }, send, cancellationToken);
        }

        if (!status.IsDone)
            await send(status.CommandId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new Accepted(status);
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

    /// <summary>
    /// Notes key and command where they are new, and reads both as they then stand, in one round trip.
    /// </summary>
    private static async Task<((byte[] BodyHash, Guid CommandId)? Holder, CommandStatus Status)> Note(
        NewCommand command,
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        if (command.Key is { } key)
        {
            batch.Add(
                SqlFile.AcceptKey,
                Text(command.Tenant),
                Text(key.Key),
                new NpgsqlParameter { Value = key.BodyHash.ToArray(), NpgsqlDbType = NpgsqlDbType.Bytea },
                Uuid(command.CommandId));
        }

        batch.Add(SqlFile.AcceptCommand, Uuid(command.CommandId), Text(command.Tenant), Text(command.Type));
        if (command.Key is not null)
            batch.Add(SqlFile.FindKey, Text(command.Tenant), Text(command.Key.Key));
        batch.Add(SqlFile.FindCommands, StatusQuery.Ids([command.CommandId]));

        await batch.PrepareAsync(cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        (byte[], Guid)? holder = null;
        if (command.Key is not null)
        {
            await reader.ReadAsync(cancellationToken);
            holder = (reader.GetFieldValue<byte[]>(0), reader.GetGuid(1));
            await reader.NextResultAsync(cancellationToken);
        }

        await reader.ReadAsync(cancellationToken);
        return (holder, StatusQuery.Read(reader));
    }

    private static NpgsqlParameter Uuid(Guid value) => new NpgsqlParameter<Guid> { TypedValue = value };

    private static NpgsqlParameter Text(string? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
