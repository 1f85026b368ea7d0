using Commerce.Contracts;
using Projections.Engine;
using Projections.Engine.Running;
using Projections.Ordering;
using Servers;

namespace Projections.Tests.Engine;

public sealed class LogAdvancedHandlerTests(TestServers servers)
{
    [Fact]
    public async Task Messages_that_are_late_doubled_or_ahead_of_the_log_change_nothing()
    {
        await using var harness = await ReadModelsHarness.Start(servers, TestContext.Current.CancellationToken);
        var instance = await harness.WaitForModels(new Stores().Postgres(new CustomerOrders()));
        var handler = new LogAdvancedHandler(instance.Feed);
        var position = await harness.Append(Shop.Placed(Guid.CreateVersion7(), lines: Shop.Line("A", 1, 10m)));

        foreach (var told in (long[])[position, 0, position, position + 1_000, position + 1_000])
            await handler.Handle(new LogAdvanced(Shop.Tenant, told), new TestableMessageHandlerContext());
        await harness.WaitFor("customer-orders", position);
        var last = await harness.Append(Shop.Placed(Guid.CreateVersion7(), lines: Shop.Line("A", 1, 10m)));
        await harness.WaitFor("customer-orders", last);

        Assert.Equal(
            2, (await harness.ReadTable<OrderKey, CustomerOrders.Row>("customer_orders_1.customer_orders")).Count);
    }
}
