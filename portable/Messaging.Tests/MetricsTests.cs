using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Servers;

namespace Portable.Messaging.Tests;

public sealed class MetricsTests(TestServers servers)
{
    [Fact]
    public async Task Handled_and_failed_messages_are_measured_under_the_names_and_tags_of_NServiceBus()
    {
        // Other tests measure at the same time: the endpoint's name tells these from theirs.
        const string endpoint = "Measured";
        var measured = new ConcurrentBag<(string Name, Dictionary<string, string> Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == "NServiceBus.Core.Pipeline.Incoming")
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();
        await using var world = await World.Create(servers);
        var sales = await world.Start(endpoint, e =>
        {
            e.AddHandler<Counts>();
            e.AddHandler<Counts.Again>();
            e.AddHandler<Fails>();
            e.Recoverability().Immediate(i => i.NumberOfRetries(1));
        });

        await sales.Session.SendLocal(new ParcelPacked(Guid.Empty, 1), TestContext.Current.CancellationToken);
        await sales.Session.SendLocal(new PlaceOrder("1", 5m), TestContext.Current.CancellationToken);
        await world.Take("error");
        await sales.Stop();

        Assert.Equal(3, Of("nservicebus.messaging.fetches").Length);
        var success = Assert.Single(Of("nservicebus.messaging.successes"));
        Assert.Equal("success", success["execution.result"]);
        Assert.Equal(typeof(ParcelPacked).FullName, success["nservicebus.message_type"]);
        Assert.Equal(
            $"{typeof(Counts).FullName};{typeof(Counts.Again).FullName}",
            success["nservicebus.message_handler_types"]);
        Assert.Equal("", success["nservicebus.discriminator"]);
        Assert.Single(Of("nservicebus.messaging.processing_time"));
        Assert.Single(Of("nservicebus.messaging.critical_time"));
        Assert.Equal(
            [typeof(Counts).FullName, typeof(Counts.Again).FullName, typeof(Fails).FullName, typeof(Fails).FullName],
            Of("nservicebus.messaging.handler_time").Select(t => t["nservicebus.message_handler_type"])
                .OrderBy(name => name == typeof(Fails).FullName).ThenBy(name => name!.Length));
        var failures = Of("nservicebus.messaging.failures");
        Assert.Equal(2, failures.Length);
        Assert.All(failures, t => Assert.Equal("System.InvalidOperationException", t["error.type"]));
        Assert.All(failures, t => Assert.Equal("failure", t["execution.result"]));
        Assert.Single(Of("nservicebus.recoverability.immediate"));
        Assert.Empty(Of("nservicebus.recoverability.delayed"));
        Assert.Single(Of("nservicebus.recoverability.error"));

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var named = new Dictionary<string, string>();
            foreach (var (name, value) in tags)
            {
                named[name] = $"{value}";
            }

            measured.Add((instrument.Name, named));
        }

        Dictionary<string, string>[] Of(string name) =>
            [.. measured.Where(m => m.Name == name && m.Tags["nservicebus.queue"] == endpoint).Select(m => m.Tags)];
    }

    [Fact]
    public async Task Times_are_those_that_passed_and_a_delay_that_was_asked_for_is_not_counted()
    {
        const string endpoint = "Timed";
        var measured = new ConcurrentQueue<(string Name, double Value, string Queue)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == "NServiceBus.Core.Pipeline.Incoming" && instrument is Histogram<double>)
                {
                    Assert.Equal("s", instrument.Unit);
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            foreach (var (name, tag) in tags)
            {
                if (name == "nservicebus.queue")
                {
                    measured.Enqueue((instrument.Name, value, $"{tag}"));
                }
            }
        });
        listener.Start();
        await using var world = await World.Create(servers);
        var sales = await world.Start(endpoint, e => e.AddHandler<TakesItsTime>());
        var clock = Stopwatch.StartNew();

        var delayed = new SendOptions();
        delayed.RouteToThisEndpoint();
        delayed.DelayDeliveryWith(TimeSpan.FromSeconds(2));
        await sales.Session.Send(new ParcelPacked(Guid.Empty, 1), delayed, TestContext.Current.CancellationToken);
        await World.Until(() => Task.FromResult(Of("critical_time").Length == 1), "the message is measured");

        var (handler, processing, critical) = (
            Assert.Single(Of("handler_time")), Assert.Single(Of("processing_time")), Assert.Single(Of("critical_time")));
        Assert.True(handler >= TakesItsTime.Seconds, $"handler time {handler}");
        Assert.True(processing >= handler, $"processing time {processing} is less than the handler's {handler}");
        Assert.True(critical <= clock.Elapsed.TotalSeconds - 1.9, $"critical time {critical} counts the delay");

        await sales.Session.SendLocal(new ParcelPacked(Guid.Empty, 2), TestContext.Current.CancellationToken);
        await World.Until(() => Task.FromResult(Of("critical_time").Length == 2), "the second message is measured");
        Assert.True(
            Of("critical_time")[1] >= Of("processing_time")[1], "critical time begins with the sending");

        double[] Of(string name) =>
            [.. measured.Where(m => m.Name == $"nservicebus.messaging.{name}" && m.Queue == endpoint).Select(m => m.Value)];
    }

    private sealed class TakesItsTime : IHandleMessages<ParcelPacked>
    {
        public const double Seconds = 0.2;

        public async Task Handle(ParcelPacked message, IMessageHandlerContext context)
        {
            var clock = Stopwatch.StartNew();
            while (clock.Elapsed.TotalSeconds < Seconds)
            {
                await Task.Delay(50, context.CancellationToken);
            }
        }
    }

    private sealed class Counts : IHandleMessages<ParcelPacked>
    {
        public Task Handle(ParcelPacked message, IMessageHandlerContext context) => Task.CompletedTask;

        public sealed class Again : IHandleMessages<ParcelPacked>
        {
            public Task Handle(ParcelPacked message, IMessageHandlerContext context) => Task.CompletedTask;
        }
    }

    private sealed class Fails : IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context) =>
            throw new InvalidOperationException("It is no good.");
    }
}
