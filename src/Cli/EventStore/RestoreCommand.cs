using System.CommandLine;
using System.Globalization;
using EventStore;

namespace Cli.EventStore;

/// <summary><c>cqrs event-store restore --from DIR</c>: what was archived comes back.</summary>
internal static class RestoreCommand
{
    private static readonly Option<string> From = new("--from")
    {
        Description = "Directory with the files that archive has written.",
        Required = true,
    };

    private static readonly Option<long?> Partition = new("--partition")
    {
        Description = "The oldest partition to bring back (its first position), with those behind it; without it, all.",
    };

    public static Command Create()
    {
        var command = new Command("restore", "Brings archived partitions back into the log.")
        {
            From, Partition, Output.Json,
        };
        command.WithConnection().Explained(
            """
            Checks all files first (checksums, and that they were archived from this very log), then loads each partition
            in one transaction and compares it with its file: it comes back whole or not at all. The newest comes first,
            so the log is whole behind what is still archived. Interrupted or repeated, it brings back what is still
            missing. The files stay. Needs the rights of the schema's owner.

            Examples:
              cqrs event-store restore --from /backup/log
              cqrs event-store restore --from /backup/log --partition 10000000
            """);
        command.SetGuardedAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var directory = parsed.GetRequiredValue(From);
        await using var store = OpenStore.From(parsed);
        var restored = await new LogArchive(store.DataSource).Restore(
            directory, parsed.GetValue(Partition), Progress.Report, cancellationToken);
        if (parsed.GetValue(Output.Json))
        {
            Output.WriteJson(new { Directory = directory, Restored = restored });
            return ExitCodes.Success;
        }
        foreach (var partition in restored)
        {
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"partition {partition.From}: {partition.Events:N0} events are back, positions {partition.FirstEvent} to "
                + $"{partition.LastEvent}"));
        }
        if (restored.Count == 0)
            Console.Out.WriteLine("Nothing is archived: the log is whole.");
        return ExitCodes.Success;
    }
}
