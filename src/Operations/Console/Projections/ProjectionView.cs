using ProjectionControl;

namespace Operations.Console.Projections;

/// <summary>A projection as the page shows it.</summary>
/// <param name="State">
/// <c>stopped</c> (an error stops it), <c>unattended</c> (no process is there to fill it), <c>paused</c>,
/// <c>building</c> (for the first time), <c>behind</c> or <c>live</c>.
/// </param>
/// <param name="Lag">Positions that are not in it yet.</param>
/// <param name="Staleness">Seconds since it held all that the log held; 0 below five; null: not known.</param>
/// <param name="Pace">Positions per second, of the last seconds; null: not known yet.</param>
/// <param name="Error">What stops it; null while it runs.</param>
/// <param name="ParkedCount">Streams it leaves out; the first of them are in <paramref name="Parked"/>.</param>
internal sealed record ProjectionView(
    string Name, string State, int? Version, string? Store, long Position, long Head, long Lag, long? Staleness,
    double? Pace, string? Error, RebuildView? Rebuild, int ParkedCount, IReadOnlyList<ParkedStream> Parked,
    int SkippedCount, IReadOnlyList<InstanceView> Instances)
{
    private const int MostParked = 50;
    private const int LongestError = 4000;

    /// <summary>A live build is behind when it has not been complete for so long.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    /// <param name="pace">Of the live build.</param>
    public static ProjectionView Of(ProjectionState state, double? pace)
    {
        var shown = state.Live ?? state.Building;
        var staleness = state.Live?.Staleness;
        return new ProjectionView(
            state.Name,
            Word(state),
            shown?.Version,
            shown?.Store,
            shown?.Position ?? 0,
            shown?.Head ?? 0,
            shown?.Lag ?? 0,
            staleness is null ? null : staleness < Fresh ? 0 : (long)staleness.Value.TotalSeconds,
            pace,
            Short(state.Live?.Error ?? (state.Live is null ? state.Building?.Error : null)),
            state.Building is { } building ? RebuildView.Of(building) : null,
            state.Parked.Count,
            [.. state.Parked.Take(MostParked).Select(stream => stream with { Error = Short(stream.Error)! })],
            state.Skipped.Count,
            [.. state.Instances.Select(instance => new InstanceView(instance.Name, instance.Version, instance.Fills))]);
    }

    private static string Word(ProjectionState state) => state switch
    {
        _ when (state.Live ?? state.Building)?.Error is not null => "stopped",
        { Paused: true } => "paused",
        { Instances.Count: 0 } => "unattended",
        { Live: null } => "building",
        { Live.Staleness: var staleness } when staleness >= Fresh => "behind",
        _ => "live",
    };

    private static string? Short(string? text) =>
        text is { Length: > LongestError } ? text[..LongestError] + " …" : text;
}

/// <summary>A build on its way to take the live one's place.</summary>
/// <param name="Progress">From 0 to 1.</param>
/// <param name="Rate">Positions per second; null: not known yet.</param>
/// <param name="SecondsLeft">At this rate; null: not known yet.</param>
internal sealed record RebuildView(
    int Number, int Version, long Position, long Head, double Progress, double? Rate, long? SecondsLeft, string? Error)
{
    public static RebuildView Of(ProjectionBuild build) => new(
        build.Number,
        build.Version,
        Math.Max(build.Seen, build.Position),
        build.Head,
        Math.Round(build.Progress, 4),
        build.Rate is { } rate ? Math.Round(rate) : null,
        (long?)build.TimeLeft?.TotalSeconds,
        build.Error);
}

/// <param name="Fills">Else it stands by.</param>
internal sealed record InstanceView(string Name, int Version, bool Fills);
