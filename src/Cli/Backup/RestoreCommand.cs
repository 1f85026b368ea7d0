using System.CommandLine;
using System.Globalization;
using Cli.EventStore;
using Npgsql;
using Spectre.Console;

namespace Cli.Backup;

/// <summary><c>cqrs restore --from DIR</c>: the database comes back, and everything around it is made to fit.</summary>
internal static class RestoreCommand
{
    private static readonly Option<string?> From = new("--from") { Description = "Directory that cqrs backup has written." };

    private static readonly Option<bool> ReconcileOnly = new("--reconcile")
    {
        Description = "Loads nothing: the database came back by other means (point in time); make the rest fit.",
    };

    private static readonly Option<bool> Replace = new("--replace")
    {
        Description = "Take the place of a database that holds something. It is renamed and kept.",
    };

    private static readonly Option<long?> Gap = new("--gap")
    {
        Description = "Positions to leave out behind the last one known (else 1,000 for each second lost, at least 1,000,000).",
    };

    public static Command Create()
    {
        var command = new Command("restore", "Brings the database commerce back, and read models and broker in line with it.")
        {
            From, ReconcileOnly, Replace, Gap, BackupCommand.Jobs, BackupCommand.Programs, EventStoreCommands.Yes, Output.Json,
        };
        Surroundings.AddTo(command);
        command.WithConnection().Explained(
            """
            Needs the servers, and the services stopped: with the app host, start it with --servers-only. The rights of a
            role that may create databases.

            1. Checks the backup, loads it into the database NAME_restoring, and compares the rows of every table.
            2. Makes it fit: positions go on behind all that were ever drawn (--gap), so that none is given twice; commands
               without outcome are failed, which tells their senders; retries under way are open again; the log notes the
               restore; and the table recovery.restores tells Commerce.Workflows to take up what was under way when it
               starts.
            3. Gives it the name of the database. One that holds something is only replaced with --replace, and kept as
               NAME_before_TIME.
            4. Empties the read models in PostgreSQL, Redis and Elasticsearch, which fill from the log again, and the
               queues: what is in them belongs to a future that is gone.

            Where the other servers are is read from the environment as the app host sets it, or given. What is not given
            is left as it is, with a warning; on new, empty servers there is nothing to do.

            Exit codes: 0 done; 1 it failed, the database is as it was; 2 bad input, a database that holds something,
            services that still run; 3 a server does not answer; 130 stopped by Ctrl+C.

            Examples:
              cqrs restore --from /backup/2026-11-21
              cqrs restore --from /backup/2026-11-21 --replace --yes
              cqrs restore --reconcile --yes          # after a recovery to a point in time
            """);
        command.Validators.Add(result =>
        {
            if ((result.GetResult(From) is null) == (result.GetResult(ReconcileOnly) is null))
                result.AddError("give --from DIR to load a backup, or --reconcile where the database is back already");
        });
        command.SetGuardedAction(async (parsed, cancellationToken) =>
        {
            try
            {
                return await Run(parsed, cancellationToken);
            }
            catch (ProgramFailedException exception)
            {
                await Console.Error.WriteLineAsync($"cqrs: {exception.Message}");
                return ExitCodes.Failed;
            }
            catch (ServerAwayException exception)
            {
                await Console.Error.WriteLineAsync($"cqrs: {exception.Message}");
                return ExitCodes.Unavailable;
            }
        });
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(Gap) is < 0 and var gap)
            throw new InvalidDataException($"--gap takes a number from 0 up, was {gap}.");
        var target = new TargetDatabase(Databases.Patient(StoreConnection.Server(parsed)));
        await using var surroundings = await Surroundings.Open(parsed, cancellationToken);
        var manifest = parsed.GetValue(From) is { } from ? await Checked(from, cancellationToken) : null;
        var found = await target.Look(cancellationToken);
        if (manifest is null && !found.HoldsLog)
            throw new InvalidDataException($"{found}: there is nothing to reconcile with. Give --from DIR.");
        if (manifest is not null && !found.IsEmpty && !parsed.GetValue(Replace))
        {
            throw new InvalidDataException(
                $"{found}. Nothing was changed. Give --replace to put the backup in its place and keep it under another name.");
        }
        await RefuseSessions(await target.Sessions(cancellationToken));
        await RefuseSessions(await surroundings.Sessions(cancellationToken));
        EventStoreCommands.Confirm(
            parsed,
            manifest is null
                ? $"Make read models, broker and positions fit {found}?"
                : $"{found}. Put the backup of {manifest.TakenAt:yyyy-MM-dd HH:mm:ss}Z in its place, and empty {surroundings}?");

        // What survived elsewhere may know of positions that the backup does not.
        var seen = Math.Max(await surroundings.HighestPosition(cancellationToken), found.Drawn);
        Continuation continuation;
        string? kept = null;
        if (manifest is null)
        {
            continuation = await Continue(target.Server, null, seen, parsed, cancellationToken);
        }
        else
        {
            var directory = parsed.GetRequiredValue(From)!;
            var fresh = await target.Load(
                directory, manifest, parsed.GetValue(BackupCommand.Programs), BackupCommand.CheckedJobs(parsed), Say,
                cancellationToken);
            continuation = await Continue(fresh, manifest, seen, parsed, cancellationToken);
            kept = await target.TakePlace(found, cancellationToken);
        }
        var emptied = await surroundings.Empty(Say, cancellationToken);
        Report(parsed, target.Server.Database!, manifest, continuation, kept, emptied);
        return ExitCodes.Success;
    }

    private static async Task<BackupManifest> Checked(string directory, CancellationToken cancellationToken)
    {
        Say("checking the backup's files");
        var manifest = await BackupManifest.Read(directory, cancellationToken);
        var findings = await BackupFiles.Compare(directory, manifest, cancellationToken);
        return findings.Count == 0
            ? manifest
            : throw new InvalidDataException($"the backup is damaged: {string.Join("; ", findings)}. Take another one.");
    }

    private static Task<Continuation> Continue(
        NpgsqlConnectionStringBuilder server,
        BackupManifest? manifest,
        long seen,
        ParseResult parsed,
        CancellationToken cancellationToken)
    {
        Say("making positions, commands and retries fit");
        return LogContinuation.Apply(server, manifest, seen, parsed.GetValue(Gap), cancellationToken);
    }

    private static Task RefuseSessions(IReadOnlyList<string> sessions) => sessions.Count == 0
        ? Task.CompletedTask
        : throw new InvalidDataException(
            $"still at work on it: {string.Join(", ", sessions)}. Stop the services first (start the app host with "
            + "--servers-only); nothing was changed.");

    private static void Say(string step)
    {
        if (!Console.IsErrorRedirected)
            Output.Error.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[grey]{step}[/]");
    }

    private static void Report(
        ParseResult parsed,
        string database,
        BackupManifest? manifest,
        Continuation continuation,
        string? kept,
        IReadOnlyList<Emptied> emptied)
    {
        if (parsed.GetValue(Output.Json))
        {
            Output.WriteJson(new { Database = database, manifest?.TakenAt, continuation, KeptAs = kept, Emptied = emptied });
            return;
        }
        var culture = CultureInfo.InvariantCulture;
        if (manifest is not null)
        {
            Console.Out.WriteLine(string.Create(
                culture,
                $"{database}: {manifest.Events:N0} events are back, as of {manifest.TakenAt:yyyy-MM-dd HH:mm:ss}Z."));
        }
        if (kept is not null)
            Console.Out.WriteLine($"What it held before is in the database {kept}: drop it when nobody misses anything.");
        Console.Out.WriteLine(string.Create(
            culture,
            $"The log ends at position {continuation.Head} and goes on behind {continuation.Above}; {continuation.FailedCommands:N0} "
            + $"commands without outcome are failed, {continuation.OpenedRetries:N0} retries are open again."));
        foreach (var each in emptied)
            Console.Out.WriteLine($"{each.What}: {each.Outcome}");
        Console.Out.WriteLine("Start the services now: models fill from the log, and orders under way are taken up.");
    }
}
