namespace EventStore;

/// <summary>
/// "No event that matches lies behind this position": what makes a decision on events of several streams safe. Read
/// with
/// <see cref="IEventStore.Load{TState}(LogFilter, Fold{TState}, CancellationToken)"/>, decide, append under
/// <see cref="LoadedLog{TState}.Unchanged"/>; of two appends that would break each other's condition one is refused.
/// </summary>
/// <param name="None">
/// Which events must not be there; needs a tag. The first one should be the rarest: the condition is looked up by it,
/// and others that write or judge it wait for each other.
/// </param>
/// <param name="After">
/// The position up to which the caller knows all such events: the head it has read up to, or the position of its last
/// append under the same condition. The position of any other append is none: a lower one may still be open.
/// </param>
public sealed record AppendCondition(LogFilter None, long After)
{
    /// <exception cref="ArgumentException">No tag, or what cannot be stored as one.</exception>
    internal void Check()
    {
        if (None.Tags is null || None.Tags.Count == 0)
        {
            throw new ArgumentException(
                "A condition has no tag: it is judged by tags. Name one that all the events in question have.");
        }
        ArgumentOutOfRangeException.ThrowIfNegative(After);
        None.Check();
    }
}
