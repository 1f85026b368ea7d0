using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using EventStore.Reading;

namespace EventStore.Subscribing;

/// <summary>
/// What the gauges show of one subscription while it runs. Those of one name are shown as one, by the worst of them.
/// </summary>
internal sealed class SubscriptionWatch(string? name) : IDisposable
{
    private static readonly ConcurrentDictionary<SubscriptionWatch, bool> Running = new();

    private readonly string? name = name;
    private readonly KeyValuePair<string, object?>[] tags = name is null ? [] : [new("subscription", name)];
    private long heldSince;
    private long lag;

    static SubscriptionWatch()
    {
        EventStoreTelemetry.Meter.CreateObservableGauge(
            "event_store_reader_held",
            () => Worst(watch => watch.HeldMilliseconds),
            "ms",
            "How long an append in an open transaction has held back a subscription by now; 0: none does.");
        EventStoreTelemetry.Meter.CreateObservableGauge(
            "event_store_subscription_lag",
            () => Worst(watch => Volatile.Read(ref watch.lag)),
            "{position}",
            "Positions between what a subscription has read and the safe head, when it looked last.");
    }

    private double HeldMilliseconds => Volatile.Read(ref heldSince) is > 0 and var since
        ? Stopwatch.GetElapsedTime(since).TotalMilliseconds
        : 0;

    public IDisposable Start()
    {
        Running.TryAdd(this, true);
        return this;
    }

    /// <summary>The subscription has looked at the log.</summary>
    /// <param name="position">How far it has read.</param>
    /// <param name="advanced">Whether it found something.</param>
    public void Saw(Head head, long position, bool advanced)
    {
        Volatile.Write(ref lag, Math.Max(0, head.Position - position));
        if (advanced && heldSince > 0)
            EventStoreTelemetry.ReaderDelay.Record(HeldMilliseconds, tags);
        if (advanced || !head.AppendsOpen)
            Volatile.Write(ref heldSince, 0);
        else if (heldSince == 0)
            Volatile.Write(ref heldSince, Stopwatch.GetTimestamp());
    }

    public void Dispose() => Running.TryRemove(this, out _);

    private static IEnumerable<Measurement<T>> Worst<T>(Func<SubscriptionWatch, T> value)
        where T : struct => Running.Keys
            .GroupBy(watch => watch.name)
            .Select(group => new Measurement<T>(group.Max(value), group.First().tags));
}
