using System.CommandLine;
using System.Globalization;
using EventStore;

namespace Cli.EventStore;

/// <summary><c>cqrs event-store tombstone STREAM</c>: a stream takes no more events.</summary>
internal static class TombstoneCommand
{
    private static readonly Argument<string> Stream = new("STREAM") { Description = "Such as product/demo/85123A" };

    private static readonly Option<string> Reason = new("--reason")
    {
        Description = "Why; kept in the log.",
        Required = true,
    };

    private static readonly Option<bool> ReleaseKeys = new("--release-keys")
    {
        Description = "Give back the unique keys that the stream owns; without it nobody can claim them again.",
    };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Say what would be closed." };

    public static Command Create()
    {
        var command = new Command("tombstone", "Closes a stream for good: it stays readable and takes no more events.")
        {
            Stream, Reason, ReleaseKeys, EventStoreCommands.Yes, DryRun, Output.Json,
        };
        command.WithConnection().Explained(
            """
            Appends a last event, $tombstone, with who closed the stream and why. From then on every append to the stream
            is refused; commands about it are rejected by the rule stream-tombstoned. Reads, folds and projections go on
            as before: nothing is deleted, and nothing opens the stream again. Repeating it changes nothing (but
            --release-keys still gives back keys). Needs the rights of the schema's owner.

            Exit code 1 where there is no such stream.

            Examples:
              cqrs event-store tombstone product/demo/85123A --reason 'registered by mistake' --dry-run
              cqrs event-store tombstone product/demo/85123A --reason 'registered by mistake' --yes
            """);
        command.SetGuardedAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var stream = parsed.GetRequiredValue(Stream);
        await using var store = OpenStore.From(parsed);
        var tombstones = new StreamTombstones(store.DataSource);
        if (await tombstones.Preview(stream, cancellationToken) is not { } preview)
        {
            await Console.Error.WriteLineAsync($"cqrs: there is no stream '{stream}'.");
            return ExitCodes.Failed;
        }
        if (parsed.GetValue(DryRun))
        {
            Report(parsed, preview, preview.Tombstone is { } placed
                ? $"{stream} was closed before, on {Time(placed.At)} by {placed.By}. Nothing was changed."
                : $"{stream} would be closed behind version {preview.Version}; it owns {Keys(preview.Keys)}. "
                    + "Nothing was changed.");
            return ExitCodes.Success;
        }
        EventStoreCommands.Confirm(parsed, $"Close {stream} (version {preview.Version}) for good?");
        var closed = await tombstones.Place(
            stream,
            $"cqrs/{Environment.UserName}",
            parsed.GetRequiredValue(Reason),
            parsed.GetValue(ReleaseKeys),
            cancellationToken)
            ?? throw new InvalidDataException($"The stream '{stream}' is gone.");
        Report(parsed, closed, (closed.Already
            ? $"{stream} was closed before, on {Time(closed.At)} by {closed.By}"
            : $"{stream} is closed at version {closed.Version}")
            + $"; it keeps {Keys(closed.KeptKeys)}"
            + (closed.ReleasedKeys.Count > 0 ? $" and gave back {Keys(closed.ReleasedKeys)}." : "."));
        return ExitCodes.Success;
    }

    private static void Report(ParseResult parsed, object result, string sentence)
    {
        if (parsed.GetValue(Output.Json))
            Output.WriteJson(result);
        else
            Console.Out.WriteLine(sentence);
    }

    private static string Keys(IReadOnlyList<string> keys) =>
        keys.Count == 0 ? "no unique key" : string.Join(", ", keys.Select(key => $"'{key}'"));

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
