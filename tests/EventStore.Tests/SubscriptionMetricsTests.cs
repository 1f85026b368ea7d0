using System.Diagnostics.Metrics;
using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

public sealed class SubscriptionMetricsTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PostgresEventStore Store => database.Store;

    [Fact]
    public async Task An_open_append_that_holds_back_a_subscription_shows_while_it_does_and_no_longer()
    {
        const string name = "held";
        await using var follower = new Follower(
            Store, await Store.ReadHead(Cancel), new SubscriptionOptions(Name: name));
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await Store.Append(To(NewStream()), transaction, Cancel);

        var first = await Gauge("event_store_reader_held", name, value => value > 0);
        await Gauge("event_store_reader_held", name, value => value > first);

        await transaction.CommitAsync(Cancel);
        await follower.Until(1);
        await Gauge("event_store_reader_held", name, value => value == 0);
    }

    [Fact]
    public async Task A_subscription_that_lags_shows_how_far()
    {
        const string name = "lagging";
        var start = await Store.ReadHead(Cancel);
        await Store.Append(To(NewStream(), events: 5), Cancel);
        var batches = Store.Subscribe(start, new SubscriptionOptions(BatchSize: 1, Name: name), Cancel)
            .GetAsyncEnumerator(Cancel);
        await using (batches)
        {
            await batches.MoveNextAsync();
            // One batch is in hand, the next is read ahead.
            await Gauge("event_store_subscription_lag", name, value => value == 3);
            for (var i = 0; i < 4; i++)
                await batches.MoveNextAsync();
            await Gauge("event_store_subscription_lag", name, value => value == 0);
        }
        Assert.Empty(Measure("event_store_subscription_lag", name));
    }

    private static async Task<double> Gauge(string instrument, string name, Func<double, bool> isAsExpected)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (Measure(instrument, name) is [var value] && isAsExpected(value))
                return value;
            await Task.Delay(5, limit.Token);
        }
    }

    private static List<double> Measure(string instrument, string name)
    {
        var values = new List<double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (published, self) =>
            {
                if (published.Meter.Name == EventStoreTelemetry.MeterName && published.Name == instrument)
                    self.EnableMeasurementEvents(published);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => Add(value, tags));
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Add(value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return values;

        void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.Length == 1 && tags[0] is { Key: "subscription", Value: string subscription } && subscription == name)
                values.Add(value);
        }
    }
}
