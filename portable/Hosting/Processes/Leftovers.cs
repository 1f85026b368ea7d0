using System.Diagnostics;
using System.Globalization;

namespace Portable.Hosting.Processes;

/// <summary>What an app host that was killed left running: its guards are still ending their programs.</summary>
internal static class Leftovers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Waits until the guard of an earlier run has ended its program; a stale file is deleted.</summary>
    /// <exception cref="DistributedApplicationException">It does not end.</exception>
    public static async Task Wait(string guardFile, CancellationToken cancellationToken)
    {
        if (!File.Exists(guardFile)) return;
        var text = await File.ReadAllTextAsync(guardFile, cancellationToken);
        if (int.TryParse(text, CultureInfo.InvariantCulture, out var id))
        {
            var waited = Stopwatch.StartNew();
            while (IsGuard(id))
            {
                if (waited.Elapsed > Patience)
                    throw new DistributedApplicationException(
                        $"Process {id} of an earlier run is still ending ({guardFile}). Wait, or end it with: kill -9 {id}");
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }
        }
        File.Delete(guardFile);
    }

    /// <summary>Whether the process exists and is a guard, not another one that got its number.</summary>
    private static bool IsGuard(int id)
    {
        var arguments = ProcessTable.Arguments(id);
        return arguments.Count > 3 && arguments[0].EndsWith("sh", StringComparison.Ordinal) && arguments[3] == "guard";
    }
}
