namespace CommandLog.Sql;

/// <summary>The SQL files of this assembly, each read once.</summary>
internal static class SqlFile
{
    public static readonly string AcceptKey = Read("Sql.accept-key.sql");
    public static readonly string AcceptCommand = Read("Sql.accept-command.sql");
    public static readonly string AcceptKeyedCommand = Read("Sql.accept-keyed-command.sql");
    public static readonly string Announce = Read("Sql.announce.sql");
    public static readonly string FindKey = Read("Sql.find-key.sql");
    public static readonly string FindCommands = Read("Sql.find-commands.sql");
    public static readonly string Listen = Read("Sql.listen.sql");
    public static readonly string MarkMigration = Read("Sql.mark-migration.sql");
    public static readonly string PrepareMigrations = Read("Sql.prepare-migrations.sql");
    public static readonly string RecordOutcome = Read("Sql.record-outcome.sql");
    public static readonly string WithdrawCommand = Read("Sql.withdraw-command.sql");

    /// <summary>The migrations in order: the number their file name begins with, and their text.</summary>
    public static IReadOnlyList<(int Version, string Text)> Migrations()
    {
        const string folder = $"{nameof(CommandLog)}.Migrations.";
        return
        [
            .. typeof(SqlFile).Assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(folder, StringComparison.Ordinal))
                .Select(name => name[$"{nameof(CommandLog)}.".Length..])
                .Order(StringComparer.Ordinal)
                .Select(name => (int.Parse(name["Migrations.".Length..].Split('-')[0], null), Read(name))),
        ];
    }

    private static string Read(string name)
    {
        using var stream = typeof(SqlFile).Assembly.GetManifestResourceStream($"{nameof(CommandLog)}.{name}")
            ?? throw new InvalidOperationException($"The SQL file {name} is not embedded in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
