using System.Collections.Immutable;
using EventStore;

namespace Projections.Engine;

/// <summary>An event that could not be applied, and why.</summary>
internal sealed record PoisonEvent(RecordedEvent Event, Exception Error);

/// <summary>
/// Streams that a projection leaves out, each from the event on that could not be applied: what came before it is in
/// the model, what comes after it would build on a gap.
/// </summary>
internal sealed class ParkedStreams(ImmutableDictionary<string, long> fromVersion)
{
    public static ParkedStreams None { get; } = new(ImmutableDictionary<string, long>.Empty);

    public int Count => fromVersion.Count;

    public bool Holds(RecordedEvent recorded) =>
        fromVersion.TryGetValue(recorded.Stream, out var version) && recorded.Version >= version;

    public ParkedStreams With(PoisonEvent poison) =>
        fromVersion.ContainsKey(poison.Event.Stream)
            ? this
            : new(fromVersion.Add(poison.Event.Stream, poison.Event.Version));

    public ParkedStreams With(IEnumerable<PoisonEvent> poison) =>
        poison.Aggregate(this, (parked, next) => parked.With(next));
}
