namespace Operations.Alerts.Rules;

/// <summary>The thresholds, in the configuration section <c>Operations:Alerts</c>.</summary>
internal sealed class AlertLimits
{
    /// <summary>99 of 100 commands are decided within so many milliseconds.</summary>
    public double CommandProcessingTime { get; set; } = 500;

    /// <summary>99 of 100 appends take no longer than so many milliseconds.</summary>
    public double EventStoreAppendTime { get; set; } = 100;

    /// <summary>No more than so many percent of the commands are refused.</summary>
    public double CommandRejectionRate { get; set; } = 5;

    /// <summary>No read model is more than so many seconds behind the log.</summary>
    public double ProjectionLag { get; set; } = 5;

    /// <summary>99 of 100 queries that ask for no consistency are answered within so many milliseconds.</summary>
    public double QueryResponseTime { get; set; } = 100;

    /// <summary>At least so many percent of the answers that could come from a cache do.</summary>
    public double CacheHitRate { get; set; } = 80;

    /// <summary>So many events a minute may fail to be applied.</summary>
    public double EventProcessingFailures { get; set; } = 10;

    /// <summary>No more than so many percent of the entities checked differ from the log.</summary>
    public double ConsistencyCheckFailures { get; set; } = 1;

    /// <summary>A server that has not answered for so many seconds is taken for dead.</summary>
    public double ServerSilence { get; set; } = 5;

    /// <summary>Answers from caches are judged where at least so many a second could come from one.</summary>
    public double CacheLookupsPerSecond { get; set; } = 10;
}
