namespace ProjectionControl;

/// <summary>One filling of one version of a projection, in storage of its own.</summary>
/// <param name="Number">1, 2, …: rises with every rebuild.</param>
/// <param name="Version">Of the declaration that fills it.</param>
/// <param name="Store">postgres, redis or elasticsearch.</param>
/// <param name="Storage">Schema, key prefix or index.</param>
/// <param name="State">building, live or retired.</param>
/// <param name="Position">Every event up to here is in it, saved.</param>
/// <param name="Seen">A rebuild has read up to here.</param>
/// <param name="Head">The log's last position, as last seen.</param>
/// <param name="From">It holds what happened behind this position: 0, as a rule.</param>
/// <param name="Rate">Positions per second that a rebuild gets through; null: none is under way.</param>
/// <param name="Staleness">
/// How long ago it held all that the log held; null: it has not yet, or it is no live build.
/// </param>
/// <param name="Error">What stops it at the moment; null while it runs.</param>
/// <param name="Writer">The instance that fills it, or did last.</param>
public sealed record ProjectionBuild(
    int Number,
    int Version,
    string Store,
    string Storage,
    string State,
    long Position,
    long Seen,
    long Head,
    long From,
    double? Rate,
    TimeSpan? Staleness,
    DateTimeOffset StartedAt,
    DateTimeOffset? LastEventAt,
    string? Error,
    string? Writer)
{
    /// <summary>Positions that are not in it yet.</summary>
    public long Lag => Math.Max(0, Head - Position);

    /// <summary>How far a rebuild is, from 0 to 1.</summary>
    public double Progress => Head <= From ? 1 : Math.Clamp((double)(Math.Max(Seen, Position) - From) / (Head - From), 0, 1);

    /// <summary>How long a rebuild has still to go at its present rate; null: unknown.</summary>
    public TimeSpan? TimeLeft => Rate is > 0
        ? TimeSpan.FromSeconds(Math.Max(0, Head - Math.Max(Seen, Position)) / Rate.Value)
        : null;
}

/// <summary>A stream that a projection leaves out since one of its events could not be applied.</summary>
/// <param name="Version">The event's version in its stream.</param>
/// <param name="Error">What went wrong, with its stack.</param>
public sealed record ParkedStream(
    string Stream, long Version, long Position, string EventType, string Error, DateTimeOffset ParkedAt);

/// <summary>An event that an operator decided to leave out.</summary>
/// <param name="DeclaredVersion">Of the projection's declaration: it holds for every build of that version.</param>
public sealed record SkippedEvent(
    int DeclaredVersion,
    string Stream,
    long Version,
    long Position,
    string EventType,
    string SkippedBy,
    DateTimeOffset SkippedAt);

/// <summary>A process that can fill a projection.</summary>
/// <param name="Fills">Whether it does at the moment; else it stands by.</param>
public sealed record ProjectionInstance(string Name, int Version, bool Fills, DateTimeOffset SeenAt);

/// <summary>All that there is to know of one projection.</summary>
/// <param name="Builds">The newest first.</param>
/// <param name="Parked">Of the live build, the oldest event first.</param>
/// <param name="Instances">Processes that were alive in the last ten seconds.</param>
public sealed record ProjectionState(
    string Name,
    bool Paused,
    IReadOnlyList<ProjectionBuild> Builds,
    IReadOnlyList<ParkedStream> Parked,
    IReadOnlyList<SkippedEvent> Skipped,
    IReadOnlyList<ProjectionInstance> Instances)
{
    /// <summary>The build that readers see; null before the first has caught up.</summary>
    public ProjectionBuild? Live => Builds.FirstOrDefault(build => build.State == "live");

    /// <summary>The build that is to take its place; null: none is under way.</summary>
    public ProjectionBuild? Building => Builds.FirstOrDefault(build => build.State == "building");
}

/// <summary>What became of a request.</summary>
/// <param name="Failed">It was refused, or not all of it could be done.</param>
/// <param name="Words">What was done, or why not.</param>
public sealed record RequestAnswer(bool Failed, string Words, string Instance);
