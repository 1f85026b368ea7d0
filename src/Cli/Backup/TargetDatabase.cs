using System.Globalization;
using Npgsql;

namespace Cli.Backup;

/// <summary>The database that a backup is to become, on a server that may or may not have it.</summary>
internal sealed class TargetDatabase(NpgsqlConnectionStringBuilder server)
{
    private const string Maintenance = "postgres";

    public NpgsqlConnectionStringBuilder Server { get; } = server;

    private string Name => Server.Database ?? throw new InvalidDataException("the connection string names no database");

    private string Fresh => $"{Name}_restoring";

    /// <summary>What is there now.</summary>
    public async Task<FoundDatabase> Look(CancellationToken cancellationToken)
    {
        await using (var connection = await Open(Maintenance, cancellationToken))
        {
            if (!await Exists(connection, Name, cancellationToken))
                return new FoundDatabase(Name, Exists: false, HoldsLog: false, 0, 0, 0, 0);
        }
        await using var there = await Open(Name, cancellationToken);
        await using var statement = new NpgsqlCommand(Sql.Read("look"), there);
        await using var row = await statement.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new FoundDatabase(
            Name, Exists: true, row.GetBoolean(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4));
    }

    /// <summary>Programs that have the database open.</summary>
    public Task<IReadOnlyList<string>> Sessions(CancellationToken cancellationToken) =>
        Databases.Sessions(Server, cancellationToken);

    /// <summary>
    /// Loads the backup into a database beside the one that is there, and compares every table with the manifest.
    /// </summary>
    /// <returns>Where it is.</returns>
    /// <exception cref="ProgramFailedException">It could not be loaded, or came out different.</exception>
    public async Task<NpgsqlConnectionStringBuilder> Load(
        string directory,
        BackupManifest manifest,
        string? programFolder,
        int jobs,
        Action<string> progress,
        CancellationToken cancellationToken)
    {
        await using var maintenance = await Open(Maintenance, cancellationToken);
        var programs = await PostgresPrograms.Find(
            programFolder, Math.Max(manifest.Server, maintenance.PostgreSqlVersion.Major), cancellationToken);
        foreach (var role in manifest.Roles)
            await CreateRole(maintenance, role, cancellationToken);
        // Left over from a restore that was interrupted.
        await Execute(maintenance, $"drop database if exists {Quote(Fresh)}", cancellationToken);
        await Execute(maintenance, $"create database {Quote(Fresh)} template template0", cancellationToken);
        var fresh = new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Database = Fresh, Pooling = false };
        try
        {
            progress("loading");
            await programs.Run(
                "pg_restore",
                [
                    "--no-owner", "--exit-on-error", $"--jobs={jobs}", "--dbname", Fresh,
                    Path.Combine(directory, BackupFiles.Dump),
                ],
                fresh,
                told: null,
                cancellationToken);
            progress("comparing");
            await Compare(fresh, manifest, cancellationToken);
            return fresh;
        }
        catch
        {
            await Execute(maintenance, $"drop database if exists {Quote(Fresh)} with (force)", CancellationToken.None);
            throw;
        }
    }

    /// <summary>Gives the loaded database the name of the one that was there.</summary>
    /// <returns>The name under which that one is kept; null where it held nothing and is gone.</returns>
    public async Task<string?> TakePlace(FoundDatabase found, CancellationToken cancellationToken)
    {
        await using var maintenance = await Open(Maintenance, cancellationToken);
        string? kept = null;
        if (found is { Exists: true, IsEmpty: true })
        {
            await Execute(maintenance, $"drop database {Quote(Name)}", cancellationToken);
        }
        else if (found.Exists)
        {
            kept = $"{Name}_before_{DateTime.UtcNow.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}";
            await Execute(maintenance, $"alter database {Quote(Name)} rename to {Quote(kept)}", cancellationToken);
        }
        await Execute(maintenance, $"alter database {Quote(Fresh)} rename to {Quote(Name)}", cancellationToken);
        return kept;
    }

    private static async Task Compare(
        NpgsqlConnectionStringBuilder server, BackupManifest manifest, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await Execute(connection, "analyze", cancellationToken);
        var rows = await Tables.Count(connection, cancellationToken);
        var different = manifest.Rows.Where(table => rows.GetValueOrDefault(table.Key, -1) != table.Value)
            .Select(table => $"{table.Key} has {rows.GetValueOrDefault(table.Key, -1)} rows, not {table.Value}")
            .ToList();
        if (different.Count > 0)
        {
            throw new ProgramFailedException(
                $"what was loaded is not what was backed up: {string.Join("; ", different.Take(5))}. Nothing was replaced.");
        }
    }

    private static async Task CreateRole(NpgsqlConnection connection, string role, CancellationToken cancellationToken)
    {
        await using var look = new NpgsqlCommand("select exists (select from pg_roles where rolname = $1)", connection);
        look.Parameters.Add(new NpgsqlParameter<string> { TypedValue = role });
        if (!(bool)(await look.ExecuteScalarAsync(cancellationToken))!)
            await Execute(connection, $"create role {Quote(role)} nologin", cancellationToken);
    }

    private static async Task<bool> Exists(
        NpgsqlConnection connection, string database, CancellationToken cancellationToken)
    {
        await using var look = new NpgsqlCommand("select exists (select from pg_database where datname = $1)", connection);
        look.Parameters.Add(new NpgsqlParameter<string> { TypedValue = database });
        return (bool)(await look.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task Execute(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Quote(string name) => new NpgsqlCommandBuilder().QuoteIdentifier(name);

    private Task<NpgsqlConnection> Open(string database, CancellationToken cancellationToken) =>
        Databases.Open(Server, database, cancellationToken);
}

/// <summary>What a database holds.</summary>
/// <param name="HoldsLog">It has the tables of an event log.</param>
/// <param name="Head">Position of its last event.</param>
/// <param name="Drawn">The last position drawn in it.</param>
internal sealed record FoundDatabase(
    string Name, bool Exists, bool HoldsLog, long Head, long Drawn, long Commands, long OtherTables)
{
    /// <summary>Nobody would miss it: not there, or as services make it before anything happens.</summary>
    public bool IsEmpty => Head == 0 && Commands == 0 && OtherTables == 0;

    public override string ToString() => !Exists
        ? $"the database {Name} is not there"
        : IsEmpty
            ? $"the database {Name} is empty"
            : $"the database {Name} holds an event log up to position {Head}, {Commands} commands and {OtherTables} other tables "
                + "with rows";
}
