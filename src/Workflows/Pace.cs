namespace Workflows;

/// <summary>Says yes at most once in an interval, whoever asks.</summary>
internal sealed class Pace(TimeSpan interval, TimeProvider clock)
{
    private readonly Lock gate = new();
    private long? last;

    public bool IsTime()
    {
        lock (gate)
        {
            if (last is { } before && clock.GetElapsedTime(before) < interval)
                return false;
            last = clock.GetTimestamp();
            return true;
        }
    }
}
