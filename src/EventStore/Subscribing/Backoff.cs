namespace EventStore.Subscribing;

/// <summary>Growing pauses between attempts, with jitter so that many processes don't return at one instant.</summary>
internal sealed class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Last = TimeSpan.FromSeconds(5);

    private TimeSpan pause = First;

    public void Reset() => pause = First;

    public Task Wait(CancellationToken cancellationToken)
    {
        var now = pause * (0.75 + (Random.Shared.NextDouble() / 2));
        pause = pause * 2 < Last ? pause * 2 : Last;
        return Task.Delay(now, cancellationToken);
    }
}
