using System.CommandLine;
using System.Text.Json;
using EventStore;

namespace Cli.EventStore;

/// <summary><c>cqrs event-store replay STREAM</c>: the state of an aggregate, at any version.</summary>
internal static class ReplayCommand
{
    private static readonly Argument<string> Name = new("STREAM") { Description = "Such as order/demo/0198c1a0-…" };

    private static readonly Option<long?> To = new("--to")
    {
        Description = "Fold the events up to this version; without it, all.",
    };

    private static readonly Option<bool> Steps = new("--steps")
    {
        Description = "Print the state after every event, as JSON lines.",
    };

    public static Command Create()
    {
        var command = new Command("replay", "Folds a stream and prints the aggregate's state as JSON.")
        {
            Name, To, Steps, Output.Json,
        };
        command.WithConnection().Explained(
            """
            Folds a stream from its first event and prints the aggregate's state as JSON. Snapshots are not used, so it
            also tells whether they are right.

            Examples:
              cqrs event-store replay stock/demo/85123A
              cqrs event-store replay order/demo/0198c1a0-… --to 2
              cqrs event-store replay order/demo/0198c1a0-… --steps
            """);
        command.SetGuardedAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var stream = parsed.GetRequiredValue(Name);
        var to = parsed.GetValue(To);
        if (to < 1)
            throw new InvalidDataException($"--to takes a version from 1 up, was {to}.");
        if (Aggregates.Of(stream) is not { } aggregate)
        {
            throw new InvalidDataException(
                $"No aggregate has streams named like '{stream}': they begin with one of "
                + $"{string.Join(", ", Aggregates.Kinds.Select(kind => kind + "/"))}.");
        }

        await using var store = OpenStore.From(parsed);
        var (state, last) = (aggregate.Initial, default(RecordedEvent));
        await foreach (var recorded in store.Events.ReadStream(stream, cancellationToken: cancellationToken))
        {
            if (recorded.Version > to)
                break;
            if (recorded.Data is not Tombstone)
                state = aggregate.Evolve(state, recorded.Data);
            last = recorded;
            if (parsed.GetValue(Steps))
                Console.Out.WriteLine(JsonSerializer.Serialize(Describe(recorded, aggregate, state), Compact));
        }
        if (last is null)
        {
            await Console.Error.WriteLineAsync($"cqrs: there is no stream '{stream}'.");
            return ExitCodes.Failed;
        }
        if (to > last.Version)
        {
            await Console.Error.WriteLineAsync(
                $"cqrs: '{stream}' ends at version {last.Version}; there is no version {to}.");
            return ExitCodes.Failed;
        }
        if (!parsed.GetValue(Steps))
            Output.WriteJson(Describe(last, aggregate, state));
        return ExitCodes.Success;
    }

    private static JsonSerializerOptions Compact { get; } = new(JsonSerializerDefaults.Web);

    private static object Describe(RecordedEvent recorded, Aggregate aggregate, object state) => new
    {
        recorded.Stream,
        recorded.Version,
        recorded.Position,
        recorded.Type,
        recorded.Metadata.Time,
        Aggregate = aggregate.Name,
        State = aggregate.ToJson(state),
    };
}
