using Commerce.Contracts;
using EventStore;
using Projections.Engine;

namespace Projections.Tests;

/// <summary>Given these events, what is in the model? Without any server.</summary>
internal static class Given
{
    /// <summary>The time of the first event; each is a minute after the one before.</summary>
    public static DateTimeOffset Start { get; } = new(2010, 12, 1, 8, 26, 0, TimeSpan.Zero);

    /// <summary>The time of the nth event, counted from 1.</summary>
    public static DateTimeOffset TimeOf(int number) => Start.AddMinutes(number - 1);

    /// <summary>The events as a log would hand them out.</summary>
    public static IReadOnlyList<RecordedEvent> Log(params IReadOnlyList<ICommerceEvent> events)
    {
        var versions = new Dictionary<string, long>();
        return
        [
            .. events.Select((data, index) =>
            {
                var stream = Shop.StreamOf(data);
                var version = versions[stream] = versions.GetValueOrDefault(stream) + 1;
                return new RecordedEvent(
                    index + 1, Guid.CreateVersion7(), stream, version, data.GetType().Name, 1, data,
                    new EventMetadata(Guid.CreateVersion7(), data.Tenant, TimeOf(index + 1)));
            }),
        ];
    }

    /// <summary>The model after the events; none may be refused.</summary>
    public static ModelChanges<TKey, TRow> Fold<TKey, TRow>(
        Projection<TKey, TRow> projection, params IReadOnlyList<ICommerceEvent> events)
        where TKey : notnull
        where TRow : class =>
        Fold(projection, Log(events));

    /// <inheritdoc cref="Fold{TKey, TRow}(Projection{TKey, TRow}, IReadOnlyList{ICommerceEvent})"/>
    public static ModelChanges<TKey, TRow> Fold<TKey, TRow>(
        Projection<TKey, TRow> projection, IReadOnlyList<RecordedEvent> log)
        where TKey : notnull
        where TRow : class
    {
        var (changes, poison) = projection.Fold(log, new Dictionary<TKey, TRow>(), ParkedStreams.None);
        Assert.Empty(poison);
        return changes;
    }

    /// <summary>The one row that the model has.</summary>
    public static TRow Row<TKey, TRow>(Projection<TKey, TRow> projection, params IReadOnlyList<ICommerceEvent> events)
        where TKey : notnull
        where TRow : class =>
        Assert.Single(Fold(projection, events).Rows).Row ?? throw new InvalidOperationException("The row was removed.");
}
