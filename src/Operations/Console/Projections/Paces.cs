using ProjectionControl;

namespace Operations.Console.Projections;

/// <summary>How fast builds move, from where they were some seconds ago. For one reader.</summary>
internal sealed class Paces(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Dictionary<(string Projection, int Build), Queue<(long At, long Position)>> seen = [];

    /// <summary>Notes where a build is.</summary>
    /// <returns>
    /// Positions per second in the last ten seconds, to one decimal; null: it was not looked at before.
    /// </returns>
    public double? Of(string projection, ProjectionBuild? build)
    {
        if (build is null)
            return null;
        if (!seen.TryGetValue((projection, build.Number), out var positions))
            seen[(projection, build.Number)] = positions = new();
        var now = time.GetTimestamp();
        while (positions.Count > 1 && time.GetElapsedTime(positions.Peek().At, now) > Window)
            positions.Dequeue();
        positions.Enqueue((now, build.Position));
        var (then, position) = positions.Peek();
        var seconds = time.GetElapsedTime(then, now).TotalSeconds;
        return seconds > 0 ? Math.Round(Math.Max(0, build.Position - position) / seconds, 1) : null;
    }

    /// <summary>For when nobody has looked for a while.</summary>
    public void Forget() => seen.Clear();
}
