namespace Workflows;

/// <summary>Counts commands and refusals of the last minute, second by second.</summary>
internal sealed class RejectionShare(TimeProvider clock)
{
    private const int Seconds = 60;

    private readonly Lock gate = new();
    private readonly (long Second, int Commands, int Rejected)[] counts = new (long, int, int)[Seconds];

    /// <summary>Between 0 and 1; 0 when there were no commands.</summary>
    public double Now
    {
        get
        {
            var oldest = Second() - Seconds;
            lock (gate)
            {
                var (commands, rejected) = (0, 0);
                foreach (var count in counts)
                {
                    if (count.Second > oldest)
                    {
                        commands += count.Commands;
                        rejected += count.Rejected;
                    }
                }

                return commands == 0 ? 0 : (double)rejected / commands;
            }
        }
    }

    public void Add(bool rejected)
    {
        var second = Second();
        lock (gate)
        {
            ref var count = ref counts[second % Seconds];
            if (count.Second != second)
            {
                count = (second, 0, 0);
            }

            count.Commands++;
            count.Rejected += rejected ? 1 : 0;
        }
    }

    private long Second() => clock.GetUtcNow().ToUnixTimeSeconds();
}
