using System.Globalization;
using Commerce.Contracts;
using Projections.Engine;
using Projections.Engine.Running;
using Projections.Ordering;
using Servers;

namespace Projections.Tests.Engine;

public sealed class EventArrivedTests(TestServers servers)
{
    [Fact]
    public async Task A_message_is_done_when_its_event_is_in_the_model()
    {
        await using var harness = await ReadModelsHarness.Start(servers, TestContext.Current.CancellationToken);
        var instance = await harness.StartInstance(new Stores().Postgres(new CustomerOrders()));
        var placed = Shop.Placed(Guid.CreateVersion7(), lines: Shop.Line("A", 1, 10m));
        var position = await harness.Append(placed);

        await new EventArrived(instance.Set).Handle(placed, Arrived(position));

        Assert.Single(await harness.ReadTable<OrderKey, CustomerOrders.Row>("customer_orders_1.customer_orders"));
    }

    [Fact]
    public async Task A_message_does_not_wait_for_ever_for_a_model_that_stands_still()
    {
        await using var harness = await ReadModelsHarness.Start(servers, TestContext.Current.CancellationToken);
        var instance = await harness.WaitForModels(new Stores().Postgres(new CustomerOrders()));

        var behind = await Assert.ThrowsAsync<ProjectionBehindException>(() => instance.Set.WaitFor(
            1_000, TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken));

        Assert.Contains("customer-orders is at position 0", behind.Message);
    }

    [Fact]
    public async Task A_message_without_a_position_is_an_error_that_names_the_header()
    {
        var handler = new EventArrived(new ProjectionSet([]));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => handler.Handle(
            Shop.Completed(Guid.CreateVersion7()), new TestableMessageHandlerContext()));

        Assert.Contains(CommerceHeaders.Position, error.Message);
    }

    private static TestableMessageHandlerContext Arrived(long position) => new()
    {
        MessageHeaders = { [CommerceHeaders.Position] = position.ToString(CultureInfo.InvariantCulture) },
    };
}
