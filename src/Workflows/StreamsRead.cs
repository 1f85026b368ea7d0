using System.Data.Common;
using EventStore;

namespace Workflows;

/// <summary>
/// Loads states inside the message's transaction and remembers the version of each, so that what is decided on them is
/// appended only where they still stand. Reading takes no row lock.
/// </summary>
internal sealed class StreamsRead(IEventStore store, DbTransaction transaction, CancellationToken cancellationToken)
{
    private readonly Dictionary<string, ExpectedVersion> versions = new(StringComparer.Ordinal);

    public CancellationToken CancellationToken => cancellationToken;

    public async Task<TState> Load<TState>(string stream, Fold<TState> fold) =>
        (await Load([stream], fold))[stream];

    /// <summary>Several streams of one kind, in one round trip.</summary>
    public async Task<IReadOnlyDictionary<string, TState>> Load<TState>(
        IReadOnlyCollection<string> streams, Fold<TState> fold)
    {
        var loaded = await store.Load(streams, fold, transaction, cancellationToken);
        foreach (var (stream, state) in loaded)
            versions[stream] = state.Expected;
        return loaded.ToDictionary(pair => pair.Key, pair => pair.Value.State, StringComparer.Ordinal);
    }

    /// <exception cref="InvalidOperationException">The stream was not loaded before the decision.</exception>
    public ExpectedVersion VersionOf(string stream) => versions.TryGetValue(stream, out var version)
        ? version
        : throw new InvalidOperationException(
            $"An event was decided for stream '{stream}', which was not loaded. Load each stream a decision writes.");
}
