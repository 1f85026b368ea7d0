using System.CommandLine;
using System.Globalization;
using EventStore;

namespace Cli.EventStore;

/// <summary><c>cqrs event-store stream [NAME]</c>: events as JSON lines.</summary>
internal static class StreamCommand
{
    private static readonly Argument<string?> Name = new("NAME")
    {
        Description = "A stream, such as order/demo/…; without it, the whole log.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string[]> Type = new("--type")
    {
        Description = "Only events with this stored type name; may be repeated.",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> Tenant = new("--tenant") { Description = "Only this tenant's events." };
    private static readonly Option<DateTimeOffset?> Since = Time("--since", "Only events decided at or after this time.");
    private static readonly Option<DateTimeOffset?> Until = Time("--until", "Only events decided before this time.");

    private static readonly Option<long?> From = Number(
        "--from", "The first version of the stream, or the first position of the log, to print.");

    private static readonly Option<long?> To = Number("--to", "The last version or position to print.");
    private static readonly Option<bool> Backward = new("--backward") { Description = "The newest first (of a stream)." };
    private static readonly Option<long?> Limit = Number("--limit", "Print this many events at most.");
    private static readonly Option<bool> Follow = new("--follow", "-f")
    {
        Description = "Go on with what is appended from here on, until stopped (of the log).",
    };

    private static readonly Option<bool> Raw = new("--raw")
    {
        Description = "Data as it is stored: not brought to the current schema version, personal data sealed.",
    };

    private static readonly Option<string?> Archive = new("--archive")
    {
        Description = "Read the files of this directory instead of a database, data as it is stored.",
    };

    public static Command Create()
    {
        var command = new Command("stream", "Prints the events of a stream, or of the log, as JSON lines.")
        {
            Name, Type, Tenant, Since, Until, From, To, Backward, Limit, Follow, Raw, Archive,
        };
        command.WithConnection().Explained(
            """
            Prints events as JSON lines: a stream's by version, or the log's by position.

            Examples:
              cqrs event-store stream order/demo/0198c1a0-…            the life of an order
              cqrs event-store stream product/demo/85123A --backward --limit 1
              cqrs event-store stream --type order-placed --since 2026-03-01 | jq .data.total
              cqrs event-store stream --follow --tenant demo           what happens now
              cqrs event-store stream --archive /backup/log --type order-placed

            Events that are archived are refused with the positions and the way to bring them back; --from begins behind
            them. Ctrl+C ends --follow with exit code 130.
            """);
        command.SetGuardedAction(Run);
        return command;
    }

    /// <summary>What does not go together. (A validator could not ask for values that cannot be read.)</summary>
    /// <exception cref="InvalidDataException">Something does not.</exception>
    private static void CheckOptions(ParseResult parsed)
    {
        var named = parsed.GetValue(Name) is not null;
        if (named && parsed.GetValue(Follow))
            throw new InvalidDataException("--follow follows the log: leave NAME out, or leave --follow out.");
        if (parsed.GetValue(Archive) is not null && (parsed.GetValue(Follow) || parsed.GetValue(Backward)))
            throw new InvalidDataException("--archive reads files from the beginning: leave --follow and --backward out.");
        if (!named && parsed.GetValue(Backward))
            throw new InvalidDataException("--backward reads a stream: name one.");
        if (parsed.GetValue(From) > parsed.GetValue(To))
        {
            throw new InvalidDataException(
                $"--from {parsed.GetValue(From)} lies behind --to {parsed.GetValue(To)}: exchange them.");
        }
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        CheckOptions(parsed);
        if (parsed.GetValue(Archive) is { } directory)
            return await PrintArchive(parsed, directory, cancellationToken);
        await using var store = OpenStore.From(parsed, parsed.GetValue(Raw));
        using var lines = JsonLines.ToStandardOutput(new EventJson(store.Types));
        var selection = Selected(parsed);
        var left = parsed.GetValue(Limit) ?? long.MaxValue;
        var printed = 0L;
        if (left == 0)
            return ExitCodes.Success;
        await foreach (var batch in Batches(parsed, store.Events, selection, cancellationToken))
        {
            foreach (var recorded in batch.Where(selection.Holds))
            {
                lines.Write(recorded);
                if (++printed == left)
                {
                    lines.Flush();
                    return ExitCodes.Success;
                }
            }
            lines.Flush();
        }
        if (printed == 0 && parsed.GetValue(Name) is { } name && !await Exists(store.Events, name, cancellationToken))
        {
            await Console.Error.WriteLineAsync($"cqrs: there is no stream '{name}'.");
            return ExitCodes.Failed;
        }
        return ExitCodes.Success;
    }

    private static Selection Selected(ParseResult parsed) => new(
        parsed.GetValue(Type) ?? [], parsed.GetValue(Tenant), parsed.GetValue(Since), parsed.GetValue(Until));

    private static async Task<int> PrintArchive(
        ParseResult parsed, string directory, CancellationToken cancellationToken)
    {
        using var lines = JsonLines.ToStandardOutput(new EventJson(new EventTypes()));
        var (selection, name) = (Selected(parsed), parsed.GetValue(Name));
        var (from, to) = (parsed.GetValue(From) ?? 1, parsed.GetValue(To) ?? long.MaxValue);
        var left = parsed.GetValue(Limit) ?? long.MaxValue;
        var printed = 0L;
        await foreach (var recorded in LogArchive.Read(directory, cancellationToken))
        {
            var number = name is null ? recorded.Position : recorded.Version;
            if (number < from || number > to || (name ?? recorded.Stream) != recorded.Stream || !selection.Holds(recorded))
                continue;
            if (left-- <= 0)
                break;
            lines.Write(recorded);
            printed++;
        }
        lines.Flush();
        if (printed == 0 && name is not null)
        {
            await Console.Error.WriteLineAsync($"cqrs: '{directory}' has no such events of a stream '{name}'.");
            return ExitCodes.Failed;
        }
        return ExitCodes.Success;
    }

    private static async IAsyncEnumerable<IReadOnlyList<RecordedEvent>> Batches(
        ParseResult parsed,
        PostgresEventStore store,
        Selection selection,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (from, to) = (parsed.GetValue(From) ?? 1, parsed.GetValue(To) ?? long.MaxValue);
        if (parsed.GetValue(Name) is { } name)
        {
            var direction = parsed.GetValue(Backward) ? ReadDirection.Backward : ReadDirection.Forward;
            await foreach (var recorded in store.ReadStream(name, from, direction, null, cancellationToken))
            {
                if (recorded.Version <= to)
                    yield return [recorded];
                else if (direction is ReadDirection.Forward)
                    yield break;
            }
            yield break;
        }

        var head = parsed.GetValue(Follow) ? long.MaxValue : await store.ReadHead(cancellationToken);
        var last = Math.Min(to, head);
        var options = new SubscriptionOptions(selection.Filter);
        if (from > last)
            yield break;
        await foreach (var batch in store.Subscribe(from - 1, options, cancellationToken))
        {
            yield return [.. batch.Events.TakeWhile(recorded => recorded.Position <= last)];
            if (batch.Position >= last)
                yield break;
        }
    }

    private static async Task<bool> Exists(PostgresEventStore store, string name, CancellationToken cancellationToken)
    {
        await foreach (var _ in store.ReadStream(name, 1, ReadDirection.Backward, 1, cancellationToken))
            return true;
        return false;
    }

    private static Option<long?> Number(string name, string description)
    {
        var option = new Option<long?>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1
                && long.TryParse(result.Tokens[0].Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)
                && value < 1)
            {
                result.AddError($"{name} takes a number from 1 up, was {value}");
            }
        });
        return option;
    }

    private static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = $"{description} As in 2026-03-01 or 2026-03-01T14:30:00Z; UTC where no offset is given.",
        CustomParser = result =>
        {
            if (DateTimeOffset.TryParse(
                result.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                return time;
            }
            result.AddError($"{name} takes a time such as 2026-03-01T14:30:00Z, was '{result.Tokens[0].Value}'");
            return null;
        },
    };

    /// <summary>What of the events read is printed.</summary>
    private sealed record Selection(
        IReadOnlyCollection<string> Types, string? Tenant, DateTimeOffset? Since, DateTimeOffset? Until)
    {
        public LogFilter Filter => new(Types.Count > 0 ? Types : null, Tenant, Since);

        public bool Holds(RecordedEvent recorded) =>
            (Types.Count == 0 || Types.Contains(recorded.Type))
            && (Tenant is null || recorded.Metadata.Tenant == Tenant)
            && (Since is null || recorded.Metadata.Time >= Since)
            && (Until is null || recorded.Metadata.Time < Until);
    }
}
