using System.CommandLine;
using System.Globalization;
using EventStore;
using Spectre.Console;

namespace Cli.EventStore;

/// <summary><c>cqrs event-store archive --to DIR</c>: the oldest partitions go to files.</summary>
internal static class ArchiveCommand
{
    private static readonly Option<string> To = new("--to")
    {
        Description = "Directory for the files, made where it is missing.",
        Required = true,
    };

    private static readonly Option<long?> Before = new("--before")
    {
        Description = "Only partitions that lie wholly below this position.",
    };

    private static readonly Option<TimeSpan?> OlderThan = new("--older-than")
    {
        Description = "Only partitions whose newest event is older, as in 90d, 12h or 30m.",
        CustomParser = result => Age.Parse(result.Tokens[0].Value) is { } age
            ? age
            : Refuse(result, $"--older-than takes an age such as 90d, 12h or 30m, was '{result.Tokens[0].Value}'"),
    };

    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Archive also where streams cannot be folded any more until it is restored.",
    };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Say what would be archived." };

    public static Command Create()
    {
        var command = new Command("archive", "Moves the oldest partitions of the log into compressed files.")
        {
            To, Before, OlderThan, Force, EventStoreCommands.Yes, DryRun, Output.Json,
        };
        command.WithConnection().Explained(
            """
            Writes whole partitions of the log to files (gzip, readable with zcat), the oldest first, flushes and reads
            them back, compares them with the table, and only then drops the partition. Only partitions that are
            complete, wholly below the head of the log, are taken. Interrupted, it goes on when it is repeated with the
            same directory. Appends and reads go on meanwhile; it waits for transactions that use the log.

            From then on what needs those events is refused with the range and the restore command: reading the log from
            a position below, streams that begin there, folds without a snapshot. So it keeps a snapshot of every stream
            concerned first, and does nothing where some would be left without (exit code 1), unless --force is given.
            Rebuilding a projection needs the events back. A command that was answered back then and is repeated now is
            no longer recognized by its id. Copy the files to a safe place: they are the only copy. Needs the rights of
            the schema's owner.

            Examples:
              cqrs event-store archive --to /backup/log --older-than 90d --dry-run
              cqrs event-store archive --to /backup/log --before 20000000 --yes
            """);
        command.Validators.Add(result =>
        {
            if (result.GetResult(Before) is null && result.GetResult(OlderThan) is null)
                result.AddError("archive what? Give --before POSITION, --older-than AGE, or both");
        });
        command.SetGuardedAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var directory = parsed.GetRequiredValue(To);
        if (parsed.GetValue(Before) is < 1 and var before)
            throw new InvalidDataException($"--before takes a position from 1 up, was {before}.");
        await using var store = OpenStore.From(parsed);
        var archive = new LogArchive(store.DataSource);
        var selection = new ArchiveSelection(parsed.GetValue(Before), parsed.GetValue(OlderThan));
        var plan = await archive.Plan(selection, cancellationToken);
        if (parsed.GetValue(DryRun) || plan.Partitions.Count == 0)
        {
            Report(parsed, plan.Partitions, plan.StreamsAtRisk, directory, done: false);
            return ExitCodes.Success;
        }
        var events = plan.Partitions.Sum(partition => partition.Events);
        EventStoreCommands.Confirm(parsed, string.Create(
            CultureInfo.InvariantCulture,
            $"Move {events:N0} events of {plan.Partitions.Count} partitions to '{directory}'?"));
        try
        {
            var archived = await archive.Archive(
                directory,
                selection,
                new ArchiveOptions(
                    $"cqrs/{Environment.UserName}",
                    (streams, cancel) => Aggregates.KeepSnapshots(store.Events, streams, cancel),
                    parsed.GetValue(Force)),
                Progress.Report,
                cancellationToken);
            Report(parsed, archived, atRisk: 0, directory, done: true);
            return ExitCodes.Success;
        }
        catch (StreamsAtRiskException exception)
        {
            await Console.Error.WriteLineAsync($"cqrs: {exception.Message} Give --force to archive nevertheless.");
            return ExitCodes.Failed;
        }
    }

    private static void Report(
        ParseResult parsed, IReadOnlyList<ArchivablePartition> partitions, long atRisk, string directory, bool done)
    {
        if (parsed.GetValue(Output.Json))
        {
            Output.WriteJson(new { Directory = directory, Archived = done, Partitions = partitions, StreamsAtRisk = atRisk });
            return;
        }
        if (partitions.Count == 0)
        {
            Console.Out.WriteLine("No complete partition is that old. Nothing was archived.");
            return;
        }
        foreach (var partition in partitions)
        {
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"partition {partition.From}: {partition.Events:N0} events, positions {partition.FirstEvent} to "
                + $"{partition.LastEvent}{(done ? $", archived to {directory}" : "")}"));
        }
        if (!done)
        {
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{atRisk:N0} streams have no snapshot behind them yet; archiving keeps one of each where it can. Nothing "
                + $"was changed."));
        }
    }

    private static TimeSpan? Refuse(System.CommandLine.Parsing.ArgumentResult result, string message)
    {
        result.AddError(message);
        return null;
    }
}

/// <summary>Ages as operators write them.</summary>
internal static class Age
{
    /// <returns>Null where the text is none.</returns>
    public static TimeSpan? Parse(string text)
    {
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return null;
        return text[^1] switch
        {
            'd' when count < 100_000 => TimeSpan.FromDays(count),
            'h' => TimeSpan.FromHours(count),
            'm' => TimeSpan.FromMinutes(count),
            _ => null,
        };
    }
}

/// <summary>What an archiving or a restoring is at, one line for each step, where somebody watches.</summary>
internal static class Progress
{
    public static void Report(ArchiveProgress progress)
    {
        if (!Console.IsErrorRedirected)
        {
            Output.Error.MarkupLineInterpolated(
                CultureInfo.InvariantCulture, $"[grey]partition {progress.Partition}: {progress.Step}[/]");
        }
    }
}
