namespace EventStore;

/// <summary>
/// The log as those see it who must not write: read sides that fold a stream when asked, or that have to know what
/// changed. Reads with any role that may select (<c>eventstore_reader</c>); whatever reads throws a
/// <see cref="ReadFailedException"/> where the role may not, or the database has no log.
/// </summary>
public interface IEventReader
{
    /// <inheritdoc cref="IEventStore.ReadHead"/>
    ValueTask<long> ReadHead(CancellationToken cancellationToken = default);

    /// <summary>
    /// The ends of several streams in one snapshot, all events in order of position: what a fold over an entity spread
    /// over streams needs, so that it never shows the second of two events without the first. An unknown stream is
    /// empty.
    /// </summary>
    /// <exception cref="ArchivedEventsException">Some of the events asked for are archived.</exception>
    /// <exception cref="EventDataException">An event cannot be read as the type its name is mapped to.</exception>
    ValueTask<IReadOnlyList<RecordedEvent>> ReadStreams(
        IReadOnlyCollection<StreamEnd> streams, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="IEventStore.Subscribe"/>
    IAsyncEnumerable<EventBatch> Subscribe(
        long after, SubscriptionOptions? options = null, CancellationToken cancellationToken = default);
}

/// <summary>The newest events of a stream.</summary>
/// <param name="Last">How many at most; the oldest are left out.</param>
public sealed record StreamEnd(string Stream, int Last = StreamEnd.Whole)
{
    /// <summary>More than any stream of an entity with an end has.</summary>
    public const int Whole = 100_000;
}
