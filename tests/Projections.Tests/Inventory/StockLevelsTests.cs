using Commerce.Contracts.Inventory;
using Projections.Inventory;

namespace Projections.Tests.Inventory;

public sealed class StockLevelsTests
{
    [Fact]
    public void The_level_is_that_of_the_last_event()
    {
        var order = Guid.CreateVersion7();
        var level = Given.Row(
            new StockLevels(),
            Shop.Received("71053", 10, onHand: 10, reserved: 0),
            Shop.Reserved("71053", order, 4, onHand: 10, reserved: 4),
            new StockShipped(Shop.Tenant, "71053", order, 4, new StockLevel(6, 0)));

        Assert.Equal(new StockLevel(6, 0), level);
    }
}
