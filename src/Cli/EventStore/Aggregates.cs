using System.Text.Json;
using System.Text.Json.Serialization;
using EventStore;
using Workflows;

namespace Cli.EventStore;

/// <summary>The folds of the domain by the kind of stream: what stands before the first slash of its name.</summary>
internal static class Aggregates
{
    private static readonly JsonSerializerOptions StateJson = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private static readonly IReadOnlyDictionary<string, Aggregate> ByKind =
        new Dictionary<string, Aggregate>(StringComparer.Ordinal)
        {
            ["product"] = Of(Folds.Product),
            ["stock"] = Of(Folds.Stock),
            ["reservation"] = Of(Folds.Reservation),
            ["order"] = Of(Folds.Order),
            ["payment"] = Of(Folds.Payment),
            ["shipment"] = Of(Folds.Shipment),
        };

    public static IEnumerable<string> Kinds => ByKind.Keys;

    public static Aggregate? Of(string stream) => ByKind.GetValueOrDefault(stream.Split('/')[0]);

    /// <summary>Keeps snapshots of streams, as far as they are of a kind that has a fold.</summary>
    public static async Task KeepSnapshots(
        PostgresEventStore store, IReadOnlyList<string> streams, CancellationToken cancellationToken)
    {
        foreach (var kind in streams.GroupBy(Of).Where(group => group.Key is not null))
            await kind.Key!.KeepSnapshots(store, [.. kind], cancellationToken);
    }

    private static Aggregate Of<TState>(Fold<TState> fold) => new(
        fold.Name,
        fold.Initial!,
        (state, @event) => fold.Evolve((TState)state, @event)!,
        state => JsonSerializer.SerializeToElement((TState)state, StateJson),
        (store, streams, cancellationToken) => store.KeepSnapshots(streams, fold, cancellationToken));
}

/// <summary>A fold whose state's type does not matter.</summary>
internal sealed record Aggregate(
    string Name,
    object Initial,
    Func<object, object, object> Evolve,
    Func<object, JsonElement> ToJson,
    Func<PostgresEventStore, IReadOnlyCollection<string>, CancellationToken, Task> KeepSnapshots);
