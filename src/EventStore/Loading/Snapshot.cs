using EventStore.Serialization;

namespace EventStore.Loading;

/// <param name="Version">Version of the last event in it.</param>
/// <param name="Position">Position of the last event in it.</param>
/// <param name="Encode">
/// Its state as JSON; <see cref="NotSupportedException"/> where it does not survive the way there and back.
/// </param>
internal sealed record Snapshot(
    string Stream, string Fold, int SchemaVersion, long Version, long Position, Func<byte[]> Encode)
{
    public static Snapshot Of<TState>(string stream, Fold<TState> fold, TState state, long version, long position) =>
        new(stream, fold.Name, fold.SchemaVersion, version, position, () => Encoded(state));

    /// <summary>A state that comes back different from JSON would corrupt every decision made on it.</summary>
    private static byte[] Encoded<TState>(TState state)
    {
        var json = EventSerializer.EncodeState(state);
        if (!EventSerializer.EncodeState(EventSerializer.DecodeState<TState>(json)).AsSpan().SequenceEqual(json))
            throw new NotSupportedException($"{typeof(TState)} does not survive the way to JSON and back.");
        return json;
    }
}
