using Projections.Engine;
using Projections.Ordering;

namespace Projections.Tests.Engine;

public sealed class FoldingTests
{
    private static readonly Guid Known = Guid.CreateVersion7();
    private static readonly Guid Unknown = Guid.CreateVersion7();
    private static readonly IReadOnlyDictionary<OrderKey, CustomerOrders.Row> NoRows =
        new Dictionary<OrderKey, CustomerOrders.Row>();

    [Fact]
    public void An_event_that_cannot_be_applied_parks_its_stream_and_the_others_go_on()
    {
        var log = Given.Log(
            Shop.Confirmed(Unknown),
            Shop.Placed(Known, lines: Shop.Line("A", 1, 10m)),
            Shop.Shipped(Unknown),
            Shop.Confirmed(Known));

        var (changes, poison) = new CustomerOrders().Fold(log, NoRows, ParkedStreams.None);

        Assert.Equal("confirmed", Assert.Single(changes.Rows).Row!.Status);
        var first = Assert.Single(poison);
        Assert.Equal((1, 1), (first.Event.Position, first.Event.Version));
        Assert.Contains(Unknown.ToString(), first.Error.Message);
    }

    [Fact]
    public void What_came_before_the_parked_event_is_applied_when_the_batch_comes_again()
    {
        var log = Given.Log(
            Shop.Placed(Known, lines: Shop.Line("A", 1, 10m)), Shop.Confirmed(Known), Shop.Shipped(Known));
        var parked = ParkedStreams.None.With(new PoisonEvent(log[1], new InvalidOperationException("seen before")));

        var (changes, poison) = new CustomerOrders().Fold(log, NoRows, parked);

        Assert.Empty(poison);
        Assert.Equal("placed", Assert.Single(changes.Rows).Row!.Status);
    }

    [Fact]
    public void Only_rows_that_the_batch_does_not_make_itself_are_loaded()
    {
        var log = Given.Log(
            Shop.Placed(Known, lines: Shop.Line("A", 1, 10m)), Shop.Confirmed(Known), Shop.Confirmed(Unknown));

        Assert.Equal(
            [new OrderKey(Shop.Tenant, Unknown)], new CustomerOrders().KeysToLoad(log, ParkedStreams.None));
    }
}
