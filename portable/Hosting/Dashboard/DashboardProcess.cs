using System.Diagnostics;
using Portable.Hosting.Processes;

namespace Portable.Hosting.Dashboard;

/// <summary>
/// Keeps one dashboard process running: starts it under a guard, writes its output to <paramref name="logFile"/>, and
/// starts it again when it ends, after a pause that doubles from one second to thirty while it keeps ending. Calls
/// <paramref name="answers"/> when its page answers for the first time.
/// </summary>
internal sealed class DashboardProcess(
    ProcessSpecification program, Uri page, string logFile, Func<Task> answers, Action<string> say)
{
    /// <summary>A process that has run for this long was well; its end is a new story.</summary>
    private static readonly TimeSpan settled = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan longestPause = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan betweenKnocks = TimeSpan.FromMilliseconds(200);

    /// <summary>The process that runs now, or null between two.</summary>
    public IRunningProcess? Current { get; private set; }

    /// <summary>Keeps it running until canceled; when this returns, it is gone.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        var knocking = Knock(cancellationToken);
        for (var endings = 1; !cancellationToken.IsCancellationRequested; endings++)
        {
            var clock = Stopwatch.StartNew();
            var ending = await RunOnce(cancellationToken);
            if (cancellationToken.IsCancellationRequested) break;

            if (clock.Elapsed > settled) endings = 1;
            var pause = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, endings - 1), longestPause.TotalSeconds));
            say($"the dashboard {ending}; it starts again in {pause.TotalSeconds:0} s (its output: {logFile})");
            await Task.Delay(pause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await knocking;
    }

    /// <summary>Starts it, returns how it ended.</summary>
    private async Task<string> RunOnce(CancellationToken cancellationToken)
    {
        await using var log = TextWriter.Synchronized(new StreamWriter(logFile, append: true) { AutoFlush = true });
        try
        {
            await using var process = await GuardedProcess.Start(
                program, (line, _) => log.WriteLine(line), cancellationToken);
            Current = process;
            Task exitOrStop = process.Exited.WaitAsync(cancellationToken);
            await exitOrStop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!process.Exited.IsCompleted) await process.Stop();
            Current = null;
            return $"ended with exit code {await process.Exited}";
        }
        catch (Exception e) when (e is DistributedApplicationException or OperationCanceledException)
        {
            return $"could not be started: {e.Message}";
        }
    }

    private async Task Knock(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(page, "health"), cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    await answers();
                    return;
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                // Not listening yet, or too busy starting to answer: knock again.
            }

            await Task.Delay(betweenKnocks, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
