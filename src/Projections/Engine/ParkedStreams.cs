using System.Collections.Immutable;
using EventStore;

namespace Projections.Engine;

/// <summary>An event that could not be applied, and why.</summary>
internal sealed record PoisonEvent(RecordedEvent Event, Exception Error);

/// <summary>
/// Streams that a projection leaves out, each from the event on that could not be applied: what came before it is in
/// the model, what comes after it would build on a gap.
/// </summary>
/// <param name="fromVersion">By stream: the version that it is parked from.</param>
/// <param name="skipped">Positions of single events that an operator decided to leave out.</param>
internal sealed class ParkedStreams(ImmutableDictionary<string, long> fromVersion, ImmutableHashSet<long> skipped)
{
    public static ParkedStreams None { get; } = new(ImmutableDictionary<string, long>.Empty, []);

    public int Count => fromVersion.Count;

    /// <summary>Whether an event is left out.</summary>
    public bool Holds(RecordedEvent recorded) =>
        (fromVersion.Count > 0
            && fromVersion.TryGetValue(recorded.Stream, out var version)
            && recorded.Version >= version)
        || (skipped.Count > 0 && skipped.Contains(recorded.Position));

    /// <summary>The same without a stream: it is followed again.</summary>
    public ParkedStreams Without(string stream) => new(fromVersion.Remove(stream), skipped);

    /// <summary>The same, and one event more is left out.</summary>
    public ParkedStreams Skipping(long position) => new(fromVersion, skipped.Add(position));

    public ParkedStreams With(PoisonEvent poison) =>
        fromVersion.ContainsKey(poison.Event.Stream)
            ? this
            : new(fromVersion.Add(poison.Event.Stream, poison.Event.Version), skipped);

    public ParkedStreams With(IEnumerable<PoisonEvent> poison) =>
        poison.Aggregate(this, (parked, next) => parked.With(next));
}
