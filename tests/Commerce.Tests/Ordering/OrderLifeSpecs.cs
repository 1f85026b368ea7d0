using Commerce.Contracts;
using Commerce.Contracts.Ordering;
using Commerce.Ordering;

namespace Commerce.Tests.Ordering;

/// <summary>Each command against each state of an order: the event, "nothing", or the rule that refuses it.</summary>
public class OrderLifeSpecs
{
    [Theory]
    [InlineData("unknown", "order-unknown")]
    [InlineData("placed", "confirmed")]
    [InlineData("placed, cancellation requested", "order-cancellation-requested")]
    [InlineData("confirmed", "nothing")]
    [InlineData("confirmed, cancellation requested", "nothing")]
    [InlineData("shipped", "nothing")]
    [InlineData("completed", "nothing")]
    [InlineData("canceled", "order-canceled")]
    public void Confirming_an_order(string state, string outcome) =>
        Check(state, order => OrderDecider.Decide(order, new ConfirmOrder("demo", Orders.Id)), outcome);

    [Theory]
    [InlineData("unknown", "order-unknown")]
    [InlineData("placed", "cancellation requested")]
    [InlineData("placed, cancellation requested", "nothing")]
    [InlineData("confirmed", "cancellation requested")]
    [InlineData("confirmed, cancellation requested", "nothing")]
    [InlineData("shipped", "order-already-shipped")]
    [InlineData("completed", "order-already-shipped")]
    [InlineData("canceled", "nothing")]
    public void Requesting_cancellation(string state, string outcome) =>
        Check(
            state,
            order => OrderDecider.Decide(order, new RequestOrderCancellation("demo", Orders.Id, "too slow")),
            outcome);

    [Theory]
    [InlineData("unknown", "order-unknown")]
    [InlineData("placed", "shipped")]
    [InlineData("confirmed", "shipped")]
    [InlineData("confirmed, cancellation requested", "shipped")]
    [InlineData("shipped", "nothing")]
    [InlineData("completed", "nothing")]
    [InlineData("canceled", "order-canceled")]
    public void Shipping_an_order(string state, string outcome) =>
        Check(state, order => OrderDecider.Decide(order, new ShipOrder("demo", Orders.Id, "T-1")), outcome);

    [Theory]
    [InlineData("unknown", "order-unknown")]
    [InlineData("confirmed", "completed")]
    [InlineData("shipped", "completed")]
    [InlineData("completed", "nothing")]
    [InlineData("canceled", "order-canceled")]
    public void Completing_an_order(string state, string outcome) =>
        Check(state, order => OrderDecider.Decide(order, new CompleteOrder("demo", Orders.Id)), outcome);

    [Theory]
    [InlineData("placed")]
    [InlineData("confirmed")]
    public void Completing_an_order_that_has_not_heard_of_its_shipping_tells_of_that_first(string state) =>
        Orders.In(state)
            .When(order => OrderDecider.Decide(order, new CompleteOrder("demo", Orders.Id, "T-1")))
            .Then(Orders.Shipped, Orders.Completed);

    [Theory]
    [InlineData("unknown", "order-unknown")]
    [InlineData("placed", "canceled")]
    [InlineData("placed, cancellation requested", "canceled")]
    [InlineData("confirmed", "canceled")]
    [InlineData("shipped", "canceled")]
    [InlineData("completed", "order-already-completed")]
    [InlineData("canceled", "nothing")]
    public void Canceling_an_order(string state, string outcome) =>
        Check(state, order => OrderDecider.Decide(order, new CancelOrder("demo", Orders.Id, "no stock")), outcome);

    private static void Check(string state, Func<Order, Decision> decide, string expected)
    {
        var outcome = Orders.In(state).When(decide);
        switch (expected)
        {
            case "nothing":
                outcome.ThenNothing();
                break;
            case "confirmed":
                outcome.Then(Orders.Confirmed);
                break;
            case "cancellation requested":
                outcome.Then(Orders.CancellationRequested);
                break;
            case "shipped":
                outcome.Then(Orders.Shipped);
                break;
            case "completed":
                outcome.Then(Orders.Completed);
                break;
            case "canceled":
                outcome.Then(Orders.Canceled);
                break;
            default:
                outcome.ThenRejected(Rules.Find(expected)!, Orders.Id.ToString());
                break;
        }
    }
}
