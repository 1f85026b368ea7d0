using Npgsql;

namespace Cli.Backup;

/// <summary>Makes a backup in a directory of its own.</summary>
/// <param name="server">Where the database is, for PostgreSQL's programs.</param>
internal sealed class BackupWriting(NpgsqlDataSource database, NpgsqlConnectionStringBuilder server)
{
    /// <summary>
    /// Writes everything, reads it back and describes it. Where that fails nothing stays behind.
    /// </summary>
    /// <param name="progress">Told the step, and how much of it is done (0 to 1).</param>
    public async Task<BackupManifest> Write(
        string directory,
        string? programFolder,
        int jobs,
        TimeSpan settle,
        Action<string, double> progress,
        CancellationToken cancellationToken)
    {
        progress("waiting for commands under way", 0);
        var unsettled = await UnsettledCommands.Settle(database, settle, cancellationToken);
        await using var snapshot = await LogSnapshot.Take(database, cancellationToken);
        var facts = snapshot.Facts;
        var programs = await PostgresPrograms.Find(programFolder, facts.Server, cancellationToken);
        Directory.CreateDirectory(directory);
        try
        {
            // The snapshot's own connection counts while the programs' connections copy.
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var counting = snapshot.Count(stop.Token);
            try
            {
                await Dump(programs, snapshot.Name, directory, jobs, progress, cancellationToken);
            }
            catch
            {
                await stop.CancelAsync();
                await ((Task)counting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }
            progress("counting rows", 1);
            var rows = await counting;
            progress("reading back", 1);
            await ReadThrough(programs, directory, cancellationToken);
            var manifest = new BackupManifest(
                BackupManifest.CurrentFormat,
                facts.TakenAt,
                facts.Database,
                facts.Server,
                programs.Version,
                facts.Log,
                facts.Head,
                facts.Drawn,
                rows.Where(table => table.Key.StartsWith("eventstore.events_from_", StringComparison.Ordinal))
                    .Sum(table => table.Value),
                unsettled,
                rows,
                facts.Roles,
                await BackupFiles.Sum(directory, cancellationToken));
            await manifest.Write(directory, cancellationToken);
            return manifest;
        }
        catch
        {
            Directory.Delete(directory, recursive: true);
            throw;
        }
    }

    /// <summary>
    /// Unpacks all of it, to nowhere: whatever cannot be read is found now and not on the day it is needed.
    /// </summary>
    public static Task ReadThrough(PostgresPrograms programs, string directory, CancellationToken cancellationToken) =>
        programs.Run(
            "pg_restore",
            ["--file", OperatingSystem.IsWindows() ? "NUL" : "/dev/null", Path.Combine(directory, BackupFiles.Dump)],
            server: null,
            told: null,
            cancellationToken);

    private Task Dump(
        PostgresPrograms programs,
        string snapshot,
        string directory,
        int jobs,
        Action<string, double> progress,
        CancellationToken cancellationToken)
    {
        var tables = 0;
        var copied = 0;
        return programs.Run(
            "pg_dump",
            [
                "--format=directory", "--compress=1", "--verbose", $"--jobs={jobs}", $"--snapshot={snapshot}",
                "--lock-wait-timeout=30000", "--file", Path.Combine(directory, BackupFiles.Dump),
            ],
            server,
            line =>
            {
                // pg_dump names the tables' data twice: when it has found it, and when it copies it.
                if (line.Contains("finding the columns", StringComparison.Ordinal)
                    || line.Contains("finding table default", StringComparison.Ordinal))
                    tables++;
                if (line.Contains("dumping contents of table", StringComparison.Ordinal))
                    progress($"copying, {++copied} tables", Math.Min(0.99, copied / (double)Math.Max(tables, copied + 1)));
            },
            cancellationToken);
    }
}
