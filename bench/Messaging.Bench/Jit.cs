using System.Diagnostics;
using System.Runtime;

namespace Messaging.Bench;

/// <summary>The JIT, which works on another thread, takes a while to come to rest.</summary>
internal static class Jit
{
    private const double Restful = 0.02;

    /// <summary>Works until the JIT hardly does any more, so many times at most.</summary>
    public static async Task Settle(Func<Task> work, int most)
    {
        for (var i = 0; i < most; i++)
        {
            var (before, started) = (JitInfo.GetCompilationTime(), Stopwatch.GetTimestamp());
            await work();
            if (JitInfo.GetCompilationTime() - before < Restful * Stopwatch.GetElapsedTime(started))
                return;
        }
    }
}
