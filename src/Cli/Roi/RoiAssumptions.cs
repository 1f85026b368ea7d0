namespace Cli.Roi;

/// <summary>
/// What the cost model is told: every figure that it uses. Measured ones come from docs/performance.md, of a machine of
/// two cores; the others are assumptions, to be replaced by figures of one's own.
/// </summary>
internal sealed record RoiAssumptions
{
    /// <summary>Queries per second, on average over the month.</summary>
    public double ReadsPerSecond { get; init; } = 500;

    /// <summary>Commands per second, on average.</summary>
    public double WritesPerSecond { get; init; } = 20;

    /// <summary>The busiest hour against the average: machines are bought for it.</summary>
    public double PeakFactor { get; init; } = 4;

    /// <summary>How far cores may be used in the busiest hour, 0 to 1.</summary>
    public double Utilization { get; init; } = 0.6;

    public int Models { get; init; } = 7;

    /// <summary>Events that a command appends.</summary>
    public double EventsPerCommand { get; init; } = 1.5;

    /// <summary>Of the models, how many an event changes.</summary>
    public double ModelsPerEvent { get; init; } = 2.5;

    /// <summary>Share of queries that a cache answers, with CQRS: answers hold until their event comes.</summary>
    public double CacheHits { get; init; } = 0.8;

    /// <summary>The same without: answers hold for a time only, so fewer may be cached.</summary>
    public double PlainCacheHits { get; init; } = 0.3;

    /// <summary>
    /// CPU milliseconds of a command through broker, inbox, log and outbox: measured, "handle, append, publish, 32 at
    /// once".
    /// </summary>
    public double CommandCpu { get; init; } = 1.6;

    /// <summary>Of an event in one model that it changes; assumed.</summary>
    public double ProjectionCpu { get; init; } = 0.15;

    /// <summary>Of a query that the cache answers: measured, "cached: product".</summary>
    public double CachedReadCpu { get; init; } = 0.035;

    /// <summary>
    /// Of a query to a read model: measured for the API ("order (PostgreSQL)"), with 0.2 ms assumed for the database.
    /// </summary>
    public double ModelReadCpu { get; init; } = 1.05;

    /// <summary>Of a write to one database without CQRS, a few rows in a transaction, with its API; assumed.</summary>
    public double PlainWriteCpu { get; init; } = 0.6;

    /// <summary>Of a query without CQRS: joins and sums at read time; assumed, three times a read model's.</summary>
    public double PlainReadCpu { get; init; } = 3.0;

    /// <summary>Cores that CQRS needs whatever the load: broker, Redis, search, projections, in pairs.</summary>
    public double FixedCores { get; init; } = 6;

    /// <summary>Cores that one database with its standby and two services need at least.</summary>
    public double PlainFixedCores { get; init; } = 4;

    /// <summary>Stored bytes of an event, indexes included.</summary>
    public double EventBytes { get; init; } = 600;

    /// <summary>How long the log is kept on disk.</summary>
    public double RetentionMonths { get; init; } = 36;

    /// <summary>Size of the current data, once. Each read model is taken for half of it.</summary>
    public double DataGigabytes { get; init; } = 50;

    /// <summary>Copies of each byte: server, standby, backup.</summary>
    public double Copies { get; init; } = 3;

    public double PricePerCoreHour { get; init; } = 0.05;

    public double PricePerGigabyteMonth { get; init; } = 0.12;

    public double PricePerEngineerHour { get; init; } = 90;

    /// <summary>
    /// Hours a month of operation and care beyond those of a plain system: more servers, versions of events and models.
    /// </summary>
    public double ExtraHoursPerMonth { get; init; } = 16;

    /// <summary>
    /// Hours to build beyond those of a plain system, once. What this repository gives is not among them.
    /// </summary>
    public double ExtraHoursToBuild { get; init; } = 320;

    /// <summary>
    /// Hours a month that the plain system needs for what the log gives: audit, history, reports on the past, new views
    /// of old data.
    /// </summary>
    public double HoursSavedPerMonth { get; init; }
}
