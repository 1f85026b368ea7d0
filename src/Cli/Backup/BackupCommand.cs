using System.CommandLine;
using System.Globalization;
using Cli.EventStore;
using Npgsql;
using Spectre.Console;

namespace Cli.Backup;

/// <summary><c>cqrs backup --to DIR</c> and <c>cqrs backup --verify DIR</c>.</summary>
internal static class BackupCommand
{
    private static readonly Option<string?> To = new("--to")
    {
        Description = "Directory to write to. It must not exist, or be empty.",
    };

    private static readonly Option<string?> Verify = new("--verify")
    {
        Description = "Checks the backup in this directory instead of making one.",
    };

    private static readonly Option<double> Settle = new("--settle")
    {
        Description = "Seconds to wait until commands accepted before the start have an outcome.",
        DefaultValueFactory = _ => 10,
    };

    public static Option<int> Jobs { get; } = new("--jobs")
    {
        Description = "Tables that are copied side by side.",
        DefaultValueFactory = _ => 2,
    };

    public static Option<string?> Programs { get; } = new("--pg-bin")
    {
        Description = "Folder with pg_dump and pg_restore (else where they usually are).",
    };

    public static Command Create()
    {
        var command = new Command("backup", "Copies the database commerce while everything runs, or checks a copy.")
        {
            To, Verify, Settle, Jobs, Programs, Output.Json,
        };
        command.WithConnection().Explained(
            """
            What it holds is one moment of the database commerce: the event log with the keys of erasure, the command log,
            sagas, inbox and outbox, and the failed messages. Read models are not in it: a restore fills them from the log.
            Nothing stands still meanwhile. It waits first (--settle) until commands that were accepted before the start
            have an outcome, so whatever a client was told before is in it.

            It is written to DIR.partial, read back, and renamed to DIR when it is complete: a directory DIR is a whole
            backup. backup.json in it has the position of the log's head, the rows of every table and the checksums of all
            files. It needs pg_dump of the server's version or newer.

            The copy holds everything, the keys of personal data too: keep it as you keep the database.

            Exit codes: 0 done; 1 it failed, or what was checked is damaged; 2 bad input; 3 the database does not answer;
            130 stopped by Ctrl+C (nothing stays behind).

            Examples:
              cqrs backup --to /backup/2026-11-21
              cqrs backup --verify /backup/2026-11-21
            """);
        command.Validators.Add(result =>
        {
            if ((result.GetResult(To) is null) == (result.GetResult(Verify) is null))
                result.AddError("give --to DIR to make a backup, or --verify DIR to check one");
        });
        command.SetGuardedAction(async (parsed, cancellationToken) =>
        {
            try
            {
                return parsed.GetValue(Verify) is { } directory
                    ? await Check(parsed, directory, cancellationToken)
                    : await Make(parsed, Path.GetFullPath(parsed.GetValue(To)!), cancellationToken);
            }
            catch (ProgramFailedException exception)
            {
                await Console.Error.WriteLineAsync($"cqrs: {exception.Message}");
                return ExitCodes.Failed;
            }
        });
        return command;
    }

    /// <exception cref="InvalidDataException">The number is none that makes sense.</exception>
    public static int CheckedJobs(ParseResult parsed) => parsed.GetValue(Jobs) is >= 1 and <= 64 and var jobs
        ? jobs
        : throw new InvalidDataException($"--jobs takes 1 to 64, was {parsed.GetValue(Jobs)}.");

    private static async Task<int> Make(ParseResult parsed, string directory, CancellationToken cancellationToken)
    {
        if (File.Exists(directory) || (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any()))
            throw new InvalidDataException($"'{directory}' is not empty. Name a directory of its own for every backup.");
        var partial = directory + ".partial";
        if (Directory.Exists(partial))
        {
            throw new InvalidDataException(
                $"'{partial}' is there: another backup is writing it, or one was killed. Delete it if none is running.");
        }
        var settle = parsed.GetValue(Settle);
        if (settle is < 0 or > 3600)
            throw new InvalidDataException($"--settle takes 0 to 3600 seconds, was {settle}.");
        var server = Databases.Patient(StoreConnection.Server(parsed));
        await using var database = NpgsqlDataSource.Create(server);
        var manifest = await Shown(progress => new BackupWriting(database, server).Write(
            partial,
            parsed.GetValue(Programs),
            CheckedJobs(parsed),
            TimeSpan.FromSeconds(settle),
            progress,
            cancellationToken));
        if (Directory.Exists(directory))
            Directory.Delete(directory);
        Directory.Move(partial, directory);
        Report(parsed, directory, manifest, []);
        if (manifest.Unsettled > 0)
        {
            await Console.Error.WriteLineAsync(
                $"cqrs: {manifest.Unsettled} commands that were accepted before had no outcome yet; a restore would tell "
                + "their senders that they failed. Give a longer --settle, or look into the error queue.");
        }
        return ExitCodes.Success;
    }

    private static async Task<int> Check(ParseResult parsed, string directory, CancellationToken cancellationToken)
    {
        var manifest = await BackupManifest.Read(directory, cancellationToken);
        var findings = await BackupFiles.Compare(directory, manifest, cancellationToken);
        if (findings.Count == 0)
        {
            var programs = await PostgresPrograms.Find(parsed.GetValue(Programs), manifest.Server, cancellationToken);
            await BackupWriting.ReadThrough(programs, directory, cancellationToken);
        }
        Report(parsed, directory, manifest, findings);
        return findings.Count == 0 ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static void Report(
        ParseResult parsed, string directory, BackupManifest manifest, IReadOnlyList<string> findings)
    {
        if (parsed.GetValue(Output.Json))
        {
            Output.WriteJson(new
            {
                Directory = directory, Sound = findings.Count == 0, findings, manifest.TakenAt, manifest.Log, manifest.Head,
                manifest.Drawn, manifest.Events, manifest.Unsettled, manifest.Bytes, manifest.Rows,
            });
            return;
        }
        foreach (var finding in findings)
            Console.Out.WriteLine(finding);
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{directory}: {manifest.Events:N0} events up to position {manifest.Head}, {manifest.Rows.Values.Sum():N0} rows in "
            + $"{manifest.Rows.Count} tables, {manifest.Bytes / 1e6:N1} MB, as of {manifest.TakenAt:yyyy-MM-dd HH:mm:ss}Z. "
            + $"{(findings.Count == 0 ? "Verified." : "It is DAMAGED: see above.")}"));
    }

    private static Task<BackupManifest> Shown(Func<Action<string, double>, Task<BackupManifest>> work) =>
        Console.IsErrorRedirected
            ? work((_, _) => { })
            : Output.Error.Progress()
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
                .StartAsync(async context =>
                {
                    var bar = context.AddTask("waiting", maxValue: 1);
                    return await work((step, done) =>
                    {
                        bar.Description = step.EscapeMarkup();
                        bar.Value = done;
                    });
                });
}
