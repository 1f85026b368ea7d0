namespace Operations.Alerts.Figures;

/// <summary>What one series of one instance counted in a stretch of time.</summary>
/// <param name="Seconds">How long that stretch was.</param>
internal sealed record SeriesIncrement(
    string Name, IReadOnlyDictionary<string, string> Tags, long Count, double Seconds, Distribution? Distribution);

/// <summary>What all instances counted in the last so many seconds.</summary>
internal sealed class FigureWindow(IReadOnlyList<SeriesIncrement> increments)
{
    /// <param name="tag">Only series with this value of this tag.</param>
    public long Count(string name, (string Tag, string Value)? tag = null) =>
        Of(name, tag).Sum(increment => increment.Count);

    /// <inheritdoc cref="Count"/>
    public double PerSecond(string name, (string Tag, string Value)? tag = null) =>
        Of(name, tag).Sum(increment => increment.Count / Math.Max(1, increment.Seconds));

    /// <inheritdoc cref="Count"/>
    public Distribution Distribution(string name, (string Tag, string Value)? tag = null) =>
        Of(name, tag).Aggregate(
            Figures.Distribution.None, (sum, increment) => sum.And(increment.Distribution ?? Figures.Distribution.None));

    private IEnumerable<SeriesIncrement> Of(string name, (string Tag, string Value)? tag) => increments.Where(
        increment => increment.Name == name
            && (tag is not { } wanted || increment.Tags.GetValueOrDefault(wanted.Tag) == wanted.Value));
}
