namespace ServiceDefaults.Telemetry.Figures;

/// <summary>
/// What one instance of a service has counted on the meter <c>AspireCqrs</c> since it started. Every number only ever
/// rises, so whoever gets these every few seconds knows what happened between any two, also where some got lost.
/// </summary>
/// <param name="Service">Such as <c>workflows</c>.</param>
/// <param name="Instance">Another one after every start.</param>
/// <param name="Uptime">Seconds since the instance began to count.</param>
public sealed record ServiceFigures(string Service, string Instance, double Uptime, IReadOnlyList<FigureSeries> Series)
{
    /// <summary>Where services report them, and Operations takes them.</summary>
    public const string Route = "/operations/figures";
}

/// <summary>One instrument with one set of tags.</summary>
/// <param name="Tags">Such as <c>outcome</c>: <c>rejected</c>.</param>
/// <param name="Count">The sum of a counter, or the number of a histogram's measurements.</param>
/// <param name="Bounds">Of a histogram: the upper ends of its buckets, in the instrument's unit.</param>
/// <param name="Buckets">
/// Of a histogram: measurements at most as large as the bound of the same index; the last bucket has the rest.
/// </param>
public sealed record FigureSeries(
    string Name,
    IReadOnlyDictionary<string, string> Tags,
    long Count,
    IReadOnlyList<double>? Bounds,
    IReadOnlyList<long>? Buckets);
