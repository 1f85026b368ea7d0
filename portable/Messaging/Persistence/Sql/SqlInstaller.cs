using Npgsql;

namespace Portable.Messaging.Persistence.Sql;

/// <summary>Creates the schema and tables of an endpoint, all or nothing, one instance at a time.</summary>
internal sealed class SqlInstaller(SqlStorage storage)
{
    private const long InstallLock = 0x4E53_425F_494E_5354;

    public async Task Install(CancellationToken cancellationToken)
    {
        List<string> statements =
        [
            $"select pg_advisory_xact_lock({InstallLock})",
            $"create schema if not exists {SqlText.Quote(storage.Schema)}",
        ];
        if (storage.Outbox is { } outbox)
        {
            statements.Add(SqlText.Load("create-outbox", ("outbox", outbox.Name)));
        }

        foreach (var table in storage.Sagas.Tables)
        {
            statements.Add(table.CreateTable);
            if (table.CreateCorrelation.Length > 0)
            {
                statements.Add(table.CreateCorrelation);
            }
        }

        await using var connection = await storage.Connections.Open(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection, transaction);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
