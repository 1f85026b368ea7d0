using EventStore.Serialization;

namespace EventStore.Evolution;

/// <summary>
/// The events of one stream, one after the other in the order of their versions, as a fold wants them: parts of a merge
/// are held back until the next event tells whether they make one.
/// </summary>
internal sealed class MergeRun(EventSerializer serializer)
{
    private readonly List<MergePart> held = [];

    /// <param name="decoded">What <see cref="EventSerializer"/> made of the next event.</param>
    /// <returns>The events that are certain now.</returns>
    public IReadOnlyList<object> Next(object decoded)
    {
        if (held.Count == 0 && decoded is not (MergePart or SplitEvent))
            return [decoded];
        var certain = new List<object>();
        if (decoded is MergePart part)
        {
            if (!part.Continues(held))
                certain.AddRange(End());
            if (!part.Continues(held))
                return [.. certain, part.Alone];
            held.Add(part);
            if (!MergePart.AreComplete(held))
                return certain;
            certain.Add(serializer.Merge(held).Data);
            held.Clear();
            return certain;
        }
        certain.AddRange(End());
        if (decoded is SplitEvent split)
            certain.AddRange(split.Parts.Select(each => each.Data));
        else
            certain.Add(decoded);
        return certain;
    }

    /// <summary>The stream is over: what is held stands alone.</summary>
    public IReadOnlyList<object> End()
    {
        if (held.Count == 0)
            return [];
        object[] alone = [.. held.Select(part => part.Alone)];
        held.Clear();
        return alone;
    }
}
