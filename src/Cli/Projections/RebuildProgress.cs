using System.Globalization;
using ProjectionControl;
using Spectre.Console;

namespace Cli.Projections;

/// <summary>Waits for a rebuild with a progress bar on standard error: percentage, rate and time left.</summary>
internal static class RebuildProgress
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>How long to wait for an instance after the last was seen.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <returns>
    /// The exit code: the build is live, it was given up, or nobody is there any more to fill it.
    /// </returns>
    public static Task<int> Show(
        ProjectionOperations operations, string projection, bool json, CancellationToken cancellationToken) =>
        Output.Error.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(context => Follow(
                operations, projection, json, context.AddTask(projection, maxValue: 1), cancellationToken));

    private static async Task<int> Follow(
        ProjectionOperations operations,
        string projection,
        bool json,
        ProgressTask bar,
        CancellationToken cancellationToken)
    {
        int? number = null;
        var seen = DateTimeOffset.UtcNow;
        while (true)
        {
            var state = await operations.Find(projection, cancellationToken);
            number ??= state?.Building?.Number ?? state?.Live?.Number;
            var build = state?.Builds.FirstOrDefault(candidate => candidate.Number == number);
            if (build is null || build.State == "retired")
            {
                await Console.Error.WriteLineAsync($"cqrs: {projection}: the rebuild was given up.");
                return ExitCodes.Failed;
            }

            if (build.State == "live")
            {
                bar.Value = 1;
                if (json)
                    Output.WriteJson(build);
                else
                    Console.Out.WriteLine($"{projection}: build {build.Number} is live at position {build.Position}.");
                return ExitCodes.Success;
            }

            bar.Value = build.Progress;
            bar.Description = Words(projection, build, state!.Paused).EscapeMarkup();
            if (state.Instances.Count > 0)
                seen = DateTimeOffset.UtcNow;
            if (DateTimeOffset.UtcNow - seen > Patience)
            {
                await Console.Error.WriteLineAsync(
                    $"cqrs: {projection}: no instance is running any more; the rebuild goes on when one starts.");
                return ExitCodes.Unavailable;
            }

            await Task.Delay(Look, cancellationToken);
        }
    }

    private static string Words(string projection, ProjectionBuild build, bool paused)
    {
        if (paused)
            return $"{projection}: paused";
        if (build.Error is not null)
            return $"{projection}: {build.Error.Split('\n')[0]}";
        var rate = build.Rate?.ToString("N0", CultureInfo.InvariantCulture) ?? "?";
        var left = build.TimeLeft is { } time ? $", {time:hh\\:mm\\:ss} left" : "";
        return $"{projection}: {rate} positions/s{left}";
    }
}
