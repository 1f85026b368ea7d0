namespace EventStore;

/// <summary>
/// An event with the tags it is to be found by, such as <c>product:85123A</c>: in the list of a
/// <see cref="StreamAppend"/>. A tag costs a row in an index and, until the transaction ends, a lock that appends with a
/// condition on the tag wait for.
/// </summary>
/// <param name="Tags">
/// Up to 32, each of 1 to 200 characters; <see cref="RecordedEvent.Tags"/> has them sorted, each once.
/// </param>
public sealed record Tagged(object Event, IReadOnlyList<string> Tags);

internal static class EventTags
{
    public const int MaxTags = 32;

    /// <returns>The tags sorted, each once.</returns>
    /// <exception cref="ArgumentException">Too many, or one of them is no name.</exception>
    public static IReadOnlyList<string> Check(IReadOnlyList<string> tags)
    {
        if (tags.Count > MaxTags)
            throw new ArgumentException($"An event has {tags.Count} tags: at most {MaxTags} are stored.");
        foreach (var tag in tags)
            Input.CheckName(tag, "tag");
        return [.. tags.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <returns>The tags and one of the store's own, sorted, each once.</returns>
    public static IReadOnlyList<string> With(IReadOnlyList<string> tags, string own) =>
        [.. tags.Append(own).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
