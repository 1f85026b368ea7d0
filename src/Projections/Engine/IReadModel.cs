using EventStore;
using Npgsql;
using ProjectionControl;
using Projections.Engine.Checkpoints;

namespace Projections.Engine;

/// <summary>A projection bound to a store: what the runner drives, whatever the rows are.</summary>
internal interface IReadModel
{
    string Name { get; }

    int Version { get; }

    /// <summary>Changes when the events it takes or its storage change.</summary>
    string Fingerprint { get; }

    /// <summary>postgres, redis or elasticsearch.</summary>
    string Store { get; }

    /// <summary>The stored names of the events it takes.</summary>
    IReadOnlyCollection<string> EventTypes { get; }

    /// <inheritdoc cref="IModelStore{TKey, TRow}.StorageOf"/>
    string StorageOf(int build);

    /// <inheritdoc cref="IModelStore{TKey, TRow}.Create"/>
    Task Create(Build build, NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <inheritdoc cref="IModelStore{TKey, TRow}.Publish"/>
    Task Publish(Build build, NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <inheritdoc cref="IModelStore{TKey, TRow}.Open"/>
    Task<long> Open(WriterSession session, CancellationToken cancellationToken);

    /// <inheritdoc cref="IModelStore{TKey, TRow}.ReadPosition"/>
    Task<long> ReadPosition(WriterSession session, CancellationToken cancellationToken);

    /// <summary>Brings the model from the session's position to the batch's.</summary>
    /// <returns>Events that could not be applied; their streams are parked.</returns>
    Task<IReadOnlyList<PoisonEvent>> Apply(
        EventBatch batch, DateTimeOffset? asOf, WriterSession session, CancellationToken cancellationToken);

    /// <inheritdoc cref="IModelStore{TKey, TRow}.Drop"/>
    Task Drop(Build build, NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>Begins to fill the session's build in bulk, from its position on.</summary>
    IFilling BeginFilling(WriterSession session);

    /// <summary>
    /// Whether a build that begins behind any position is right in what it holds: every event makes its whole row, and
    /// nothing is summed up.
    /// </summary>
    bool CanBeginAnywhere { get; }

    /// <summary>Applies events of one stream that were left out, in order, without moving the checkpoint.</summary>
    /// <returns>The one that still cannot be applied; null: the stream is followed again.</returns>
    Task<PoisonEvent?> Retry(
        string stream,
        IReadOnlyList<RecordedEvent> events,
        WriterSession session,
        CancellationToken cancellationToken);

    /// <summary>
    /// Compares entities of the session's build, drawn by lot from the log, with a fold of the log. Takes the session's
    /// turn for as long as it reads the store, so it sees the model as it is at one position.
    /// </summary>
    /// <param name="sample">How many entities at most.</param>
    /// <param name="repair">Sets those that differ to what the log says.</param>
    Task<CheckReport> Check(
        int sample, bool repair, IEventStore log, WriterSession session, CancellationToken cancellationToken);
}
