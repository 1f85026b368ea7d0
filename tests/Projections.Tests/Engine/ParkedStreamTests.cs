using ProjectionControl;
using Projections.Engine;
using Projections.Ordering;
using Servers;

namespace Projections.Tests.Engine;

/// <summary>Streams that were parked: mended and retried, or gone on with behind the event.</summary>
public sealed class ParkedStreamTests(TestServers servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_retried_stream_is_brought_up_to_date_in_order_once_its_cause_is_gone()
    {
        await using var harness = await ReadModelsHarness.Start(servers, Cancellation);
        var order = Guid.CreateVersion7();
        var operations = await Park(harness, order);

        var still = await Ask(operations, await operations.Retry("customer-orders", null, "test", Cancellation));
        await harness.Execute("ALTER TABLE customer_orders_1.customer_orders DROP CONSTRAINT no_fraud");
        var mended = await Ask(operations, await operations.Retry("customer-orders", null, "test", Cancellation));

        Assert.True(still.Failed);
        Assert.Contains("no_fraud", still.Words);
        Assert.False(mended.Failed, mended.Words);
        Assert.Equal("shipped", await harness.Scalar<string>("SELECT status FROM read.customer_orders"));
        Assert.Equal(0, await harness.Scalar<long>("SELECT count(*) FROM read.parked"));
        await harness.WaitFor("customer-orders", await harness.Append(Shop.Completed(order)));
        Assert.Equal("completed", await harness.Scalar<string>("SELECT status FROM read.customer_orders"));
    }

    [Fact]
    public async Task A_skipped_event_is_recorded_and_left_out_of_later_builds_too()
    {
        await using var harness = await ReadModelsHarness.Start(servers, Cancellation);
        var order = Guid.CreateVersion7();
        var operations = await Park(harness, order);

        // Without its first event the order has no row, so that the next one cannot be applied either.
        var skipped = await Ask(
            operations, await operations.Skip("customer-orders", $"order/demo/{order}", "test", Cancellation));

        Assert.False(skipped.Failed, skipped.Words);
        Assert.Contains("stays parked from version 2", skipped.Words);
        var state = await operations.Find("customer-orders", Cancellation);
        var record = Assert.Single(state!.Skipped);
        Assert.Equal((1L, "order-placed", "test"), (record.Version, record.EventType, record.SkippedBy));
        Assert.Equal(2, Assert.Single(state.Parked).Version);
    }

    /// <summary>An order whose first event the table refuses, and two events behind it.</summary>
    private static async Task<ProjectionOperations> Park(ReadModelsHarness harness, Guid order)
    {
        await harness.WaitForModels(new Stores().Postgres(new CustomerOrders()));
        await harness.Execute(
            "ALTER TABLE customer_orders_1.customer_orders ADD CONSTRAINT no_fraud CHECK (customer_id <> 'fraud')");
        await harness.WaitFor("customer-orders", await harness.Append(
            Shop.Placed(order, customer: "fraud", lines: Shop.Line("A", 1, 10m)), Shop.Confirmed(order),
            Shop.Shipped(order)));
        return new ProjectionOperations(harness.ReadModels);
    }

    private static async Task<RequestAnswer> Ask(ProjectionOperations operations, long request) =>
        await operations.Answer(request, Patience, Cancellation)
        ?? throw new TimeoutException("Nobody has taken the request up.");
}
