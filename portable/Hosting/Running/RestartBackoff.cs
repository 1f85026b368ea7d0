using System.Diagnostics;

namespace Portable.Hosting.Running;

/// <summary>
/// How long to wait before a crashed resource is started again: 0.5 s, doubled with each crash, at most 30 s.
/// </summary>
internal sealed class RestartBackoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>After so long without a crash the next one counts as the first.</summary>
    private static readonly TimeSpan Forgiven = TimeSpan.FromMinutes(1);

    private readonly Stopwatch running = new();

    /// <summary>Crashes in a row.</summary>
    public int Crashes { get; private set; }

    /// <summary>Time since the last start.</summary>
    public TimeSpan Uptime => running.Elapsed;

    public void Started() => running.Restart();

    public TimeSpan Crashed()
    {
        if (running.Elapsed > Forgiven) Crashes = 0;
        Crashes++;
        return TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(Crashes - 1, 10)));
    }
}
