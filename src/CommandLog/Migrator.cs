using CommandLog.Sql;
using Npgsql;
using NpgsqlTypes;

namespace CommandLog;

/// <summary>Brings the schema up to date.</summary>
public static class Migrator
{
    /// <summary>
    /// Any number, the same for all instances: whoever holds this lock migrates, the others wait and find it done.
    /// </summary>
    private const long Lock = 0x636f6d6d616e64;

    /// <summary>Applies the migrations that are missing, all or none. Safe with several instances at once.</summary>
    /// <exception cref="NpgsqlException">The database is away, or a migration failed; nothing was changed.</exception>
    public static async Task Migrate(NpgsqlDataSource database, CancellationToken cancellationToken = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var take = new NpgsqlCommand("select pg_advisory_xact_lock($1)", connection, transaction))
        {
            take.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Lock });
            await take.ExecuteNonQueryAsync(cancellationToken);
        }

        await Run(SqlFile.PrepareMigrations);
        foreach (var (version, text) in SqlFile.Migrations())
        {
            await using var mark = new NpgsqlCommand(SqlFile.MarkMigration, connection, transaction);
            mark.Parameters.Add(new NpgsqlParameter<int> { TypedValue = version, NpgsqlDbType = NpgsqlDbType.Integer });
            if (await mark.ExecuteNonQueryAsync(cancellationToken) == 1)
                await Run(text);
        }

        await transaction.CommitAsync(cancellationToken);

        async Task Run(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
