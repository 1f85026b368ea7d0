using Npgsql;

namespace Operations.Storage;

/// <summary>Brings the schema <c>operations</c> up to date.</summary>
internal static class Migrator
{
    private const string Folder = "Operations.Storage.Migrations.";

    /// <summary>
    /// Any number, the same for all instances: who holds this lock migrates, the others find it done.
    /// </summary>
    private const long Lock = 0x6f7065726174;

    /// <summary>Applies the migrations that are missing, all or none. Safe with several instances at once.</summary>
    /// <exception cref="NpgsqlException">The database is away, or a migration failed; nothing was changed.</exception>
    public static async Task Migrate(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Run("select pg_advisory_xact_lock($1)", Lock);
        await Run(Sql.Named("Operations.Storage.prepare-migrations.sql"));
        foreach (var (version, text) in Files())
        {
            if (await Run(Sql.Named("Operations.Storage.mark-migration.sql"), version) == 1)
                await Run(text);
        }

        await transaction.CommitAsync(cancellationToken);

        Task<int> Run(string sql, params object?[] values) => transaction.Execute(sql, cancellationToken, values);
    }

    /// <summary>In order of the number that a file's name begins with; a landed file is never changed.</summary>
    private static IEnumerable<(int Version, string Text)> Files() => typeof(Migrator).Assembly
        .GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(name => (int.Parse(name[Folder.Length..].Split('-')[0], null), Sql.Named(name)));
}
