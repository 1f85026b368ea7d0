using Commerce.Contracts.Inventory;
using Commerce.Contracts.Ordering;
using Servers;

namespace Workflows.Tests.Endpoint;

public class TimeoutSpecs(TestServers servers)
{
    [Fact]
    public async Task A_gateway_that_never_answers_is_waited_for_as_long_as_configured()
    {
        var token = TestContext.Current.CancellationToken;
        await using var workflows = await RunningWorkflows.Start(servers, token, "Fulfilment:Payment=00:00:02");
        var shop = await Shop.Open(workflows, units: 10, token);

        var order = await shop.Place(card: "tok_timeout");

        Assert.Equal(
            new OrderCanceled(shop.Tenant, order, "The payment was not authorized within 2 s."),
            await shop.FinalEvent(order));
        Assert.Equal(new StockLevel(10, 0), await shop.Stock());
    }
}
