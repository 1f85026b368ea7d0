using System.Diagnostics;
using Servers.Dashboard;

namespace Acceptance;

/// <summary>What the Aspire dashboard shows of a request.</summary>
public sealed class TraceTests(WholeSystem system)
{
    private static readonly TimeSpan ArrivesWithin = TimeSpan.FromMinutes(1);

    private readonly Client client = Client.Of(system);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_trace_runs_from_the_request_through_saga_and_projections()
    {
        await client.Offer("TRC-1", 8.90m, 100, Cancellation);
        var traceId = ActivityTraceId.CreateRandom().ToHexString();
        var traceParent = $"00-{traceId}-{ActivitySpanId.CreateRandom().ToHexString()}-01";
        using var dashboard = new DashboardTelemetry(await system.Dashboard(Cancellation));

        using var placed = await client.PostInTrace("orders", Client.Order("TRC-1", 3), traceParent, Cancellation);
        Assert.True(placed.IsSuccessStatusCode);

        var trace = await dashboard.WaitForTrace(
            traceId,
            seen => seen.Spans.Any(span => span.Name == "CompleteOrderHandler")
                && seen.Services.IsSupersetOf(
                    ["command-api", "workflows", "projections-postgres", "projections-redis"]),
            ArrivesWithin,
            Cancellation);
        Assert.Contains(trace.Spans, span => span is { Service: "command-api", Name: "POST /orders" });
        Assert.Contains(trace.Spans, span => span is { Service: "workflows", Name: "PlaceOrderHandler" });
        Assert.Contains(trace.Spans, span => span is { Service: "workflows", Name: "FulfilmentSaga" });
        Assert.Contains(
            trace.Spans, span => span is { Service: "projections-postgres", Name: "project order-details" });
    }

    [Fact]
    public async Task Logs_and_metrics_arrive_under_the_names_of_the_services()
    {
        using var dashboard = new DashboardTelemetry(await system.Dashboard(Cancellation));
        string[] services =
            ["command-api", "workflows", "projections-postgres", "projections-redis", "projections-search", "query-api"];
        var deadline = DateTimeOffset.UtcNow + ArrivesWithin;
        while (true)
        {
            var arrived = (await dashboard.Resources(Cancellation))
                .Where(resource => resource is { HasLogs: true, HasMetrics: true })
                .Select(resource => resource.Name)
                .ToList();
            if (services.All(arrived.Contains))
                return;
            if (DateTimeOffset.UtcNow > deadline)
                Assert.Fail($"logs and metrics came from {string.Join(", ", arrived)} only");
            await Task.Delay(TimeSpan.FromMilliseconds(500), Cancellation);
        }
    }
}
