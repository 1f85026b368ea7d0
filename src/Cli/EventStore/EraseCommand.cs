using System.CommandLine;
using System.Globalization;
using EventStore;

namespace Cli.EventStore;

/// <summary><c>cqrs event-store erase --subject ID</c>: a person's data goes, the log stays.</summary>
internal static class EraseCommand
{
    private static readonly Option<string> Subject = new("--subject")
    {
        Description = "Whose data: customer/TENANT/ID.",
        Required = true,
    };

    private static readonly Option<string?> Reason = new("--reason") { Description = "Kept with the key's row." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Say what would be erased." };

    public static Command Create()
    {
        var command = new Command("erase", "Erases a person's data by destroying the key it is sealed with. Final.")
        {
            Subject, Reason, EventStoreCommands.Yes, DryRun, Output.Json,
        };
        command.WithConnection().Explained(
            """
            Personal members of events (docs/event-store.md lists them) are stored sealed with a key per person. This
            destroys the key: text reads as [erased] from then on, anything else is left out, and every fold still works.
            What is appended about the person later is stored as erased. Running services forget the key within 30
            seconds. Repeating it changes nothing. Needs the rights of the schema's owner.

            Afterwards, by hand: rebuild the read models that show personal data (order details), and let backups, the
            audit queue and processed outbox records of before expire: they are out of the log's reach.

            Exit code 1 where nothing was ever sealed for the subject.

            Examples:
              cqrs event-store erase --subject customer/demo/17850 --dry-run
              cqrs event-store erase --subject customer/demo/17850 --reason 'request of 3 March' --yes
            """);
        command.SetGuardedAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var subject = parsed.GetRequiredValue(Subject);
        await using var store = OpenStore.From(parsed);
        var erasure = new SubjectErasure(store.DataSource);
        if (await erasure.Preview(subject, cancellationToken) is not { } streams)
        {
            await Console.Error.WriteLineAsync(
                $"cqrs: nothing was ever sealed for the subject '{subject}'. Subjects are named customer/TENANT/ID.");
            return ExitCodes.Failed;
        }
        if (parsed.GetValue(DryRun))
        {
            Report(parsed, new { Subject = subject, DryRun = true, Streams = streams }, string.Create(
                CultureInfo.InvariantCulture,
                $"{streams.Sum(s => s.Events)} events in {streams.Count} streams would lose what is personal. Nothing was changed."),
                streams.Select(s => s.Stream));
            return ExitCodes.Success;
        }
        EventStoreCommands.Confirm(
            parsed, $"Erase {subject} from {streams.Count} streams for good?");
        var erased = await erasure.Erase(
            subject, $"cqrs/{Environment.UserName}", parsed.GetValue(Reason), cancellationToken)
            ?? throw new InvalidDataException($"The key of '{subject}' is gone: the row was deleted meanwhile.");
        Report(parsed, erased, string.Create(
            CultureInfo.InvariantCulture,
            $"{subject}: {(erased.Already ? "erased before, on" : "erased")} {erased.ErasedAt:yyyy-MM-dd HH:mm:ss}Z; "
            + $"{erased.Events} events in {erased.Streams.Count} streams. Rebuild the read models with personal data."),
            erased.Streams);
        return ExitCodes.Success;
    }

    private static void Report(ParseResult parsed, object result, string sentence, IEnumerable<string> streams)
    {
        if (parsed.GetValue(Output.Json))
        {
            Output.WriteJson(result);
            return;
        }
        Console.Out.WriteLine(sentence);
        foreach (var stream in streams)
            Console.Out.WriteLine($"  {stream}");
    }
}
