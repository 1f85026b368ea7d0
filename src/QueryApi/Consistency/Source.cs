namespace QueryApi.Consistency;

/// <summary>Where an answer comes from, and how long it holds.</summary>
/// <param name="Projection">The projection whose model <paramref name="Read"/> reads.</param>
/// <param name="Missing">What there is none of, for the 404.</param>
/// <param name="Read">
/// One read of the model; called again while the model is not far enough. It may serve several requests, so it must not
/// touch the one that it was made for.
/// </param>
/// <param name="MadeOf">The names whose change ends the answer; see <see cref="Caching.MadeOf"/>.</param>
internal sealed record Source<T>(
    string Projection,
    string Missing,
    Func<CancellationToken, Task<Reading<T>>> Read,
    Func<T, string[]> MadeOf)
    where T : class
{
    /// <summary>Folds the streams themselves; null where that is not offered.</summary>
    public Func<CancellationToken, Task<Reading<T>>>? Strong { get; init; }

    /// <summary>Whether instances share the answer through Redis; not worth it for what is read from there.</summary>
    public bool Shared { get; init; } = true;
}
