using System.Security.Cryptography;
using System.Text;
using EventStore.Partitions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventStore.Schema;

/// <summary>
/// Brings a database to the schema of this program. Numbered files run once, in order; the others (functions, grants)
/// run again whenever they have changed. All in one transaction, under a lock that lets one instance work while the
/// others wait and then find nothing left to do.
/// </summary>
internal sealed class Migrator(NpgsqlDataSource dataSource, PartitionKeeper partitions, ILogger logger)
{
    private const string Bootstrap = "Schema/migrations.sql";

    /// <summary>Left out where the server was built without it: its columns are then compressed by pglz.</summary>
    private const string Lz4 = " compression lz4";

    /// <summary>"EVENTSTO" as a number: the advisory lock of migrations.</summary>
    private const long LockKey = 0x4556454E5453544F;

    private static readonly IReadOnlyList<Migration> All =
        [.. Sql.Files("Schema").Where(file => file != Bootstrap).Select(Migration.Of)];

    /// <exception cref="InvalidOperationException">
    /// A numbered file differs from what was applied under its name.
    /// </exception>
    public async Task Migrate(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        if (Missing(await Applied(connection, cancellationToken)).Count == 0)
            return;

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Execute(
            connection, $"set local lock_timeout = '60s'; select pg_advisory_xact_lock({LockKey})", cancellationToken);
        await Execute(connection, Sql.Read(Bootstrap), cancellationToken);
        var hasLz4 = await HasLz4(connection, cancellationToken);
        foreach (var migration in Missing(await Applied(connection, cancellationToken)))
        {
            var sql = hasLz4 ? migration.Sql : migration.Sql.Replace(Lz4, "", StringComparison.Ordinal);
            await Execute(connection, sql, cancellationToken);
            await Record(connection, migration, cancellationToken);
            logger.LogInformation("Event store: applied {File}.", migration.File);
        }
        await partitions.Add(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static List<Migration> Missing(Dictionary<string, string> applied)
    {
        var changed = All.FirstOrDefault(
            m => m.IsNumbered && applied.TryGetValue(m.File, out var checksum) && checksum != m.Checksum);
        if (changed is not null)
        {
            throw new InvalidOperationException(
                $"The database was migrated with another {changed.File} than this program has. A numbered migration "
                + "never changes once it has run: add a new one.");
        }
        // A numbered file that this program does not know: a newer program was here, and its functions stay.
        var newer = applied.Keys.Any(file => Migration.NumberedFile(file) && All.All(m => m.File != file));
        return [.. All.Where(m => applied.GetValueOrDefault(m.File) != m.Checksum && !newer)];
    }

    private static async Task<Dictionary<string, string>> Applied(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var applied = new Dictionary<string, string>(StringComparer.Ordinal);
        const string Exists = "select to_regclass('eventstore.migrations') is not null";
        await using (var exists = new NpgsqlCommand(Exists, connection))
        {
            if (await exists.ExecuteScalarAsync(cancellationToken) is not true)
                return applied;
        }
        await using var command = new NpgsqlCommand("select file, checksum from eventstore.migrations", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            applied[reader.GetString(0)] = reader.GetString(1);
        return applied;
    }

    private static async Task<bool> HasLz4(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string Offered =
            "select 'lz4' = any (enumvals) from pg_settings where name = 'default_toast_compression'";
        await using var command = new NpgsqlCommand(Offered, connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task Record(
        NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            insert into eventstore.migrations (file, checksum) values ($1, $2)
            on conflict (file) do update set checksum = excluded.checksum, applied_at = now()
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = migration.File });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = migration.Checksum });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 3600 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed record Migration(string File, string Sql, string Checksum)
    {
        public bool IsNumbered => NumberedFile(File);

        public static bool NumberedFile(string file) => char.IsAsciiDigit(file[(file.LastIndexOf('/') + 1)..][0]);

        public static Migration Of(string file)
        {
            var sql = EventStore.Sql.Read(file);
            return new Migration(file, sql, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));
        }
    }
}
