using Commerce.Contracts;
using Commerce.Contracts.Inventory;
using Commerce.Contracts.Ordering;
using Commerce.Contracts.Payments;
using Commerce.Contracts.Shipping;

namespace Workflows.Tests.Endpoint;

/// <summary>Orders from the client's command to their final state, on PostgreSQL and RabbitMQ.</summary>
public class OrderSpecs(SharedWorkflows shared) : IClassFixture<SharedWorkflows>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RunningWorkflows Workflows => shared.Running;

    [Theory]
    [InlineData("tok_ok")]
    [InlineData("tok_flaky")]
    [InlineData("tok_slow")]
    public async Task An_order_whose_card_is_approved_is_completed(string card)
    {
        var shop = await Shop.Open(Workflows, units: 100, Token);

        var order = await shop.Place(quantity: 3, card);

        Assert.IsType<OrderCompleted>(await shop.FinalEvent(order));
        Assert.Equal(new StockLevel(97, 0), await shop.Stock());
        Assert.Equal(
            [typeof(PaymentRequested), typeof(PaymentAuthorized), typeof(PaymentCaptured)],
            (await shop.PaymentOf(order)).Select(fact => fact.GetType()));
        Assert.Equal(
            [typeof(OrderPlaced), typeof(OrderConfirmed), typeof(OrderShipped), typeof(OrderCompleted)],
            (await Workflows.Events(CommerceStreams.Order(shop.Tenant, order), Token)).Select(fact => fact.GetType()));
    }

    [Fact]
    public async Task A_dispatched_parcel_is_delivered()
    {
        var shop = await Shop.Open(Workflows, units: 10, Token);

        var order = await shop.Place();

        var shipment = CommerceStreams.Shipment(shop.Tenant, order);
        await Workflows.EventOf(shipment, fact => fact is ShipmentDelivered, Token);
        Assert.Equal(
            [typeof(ShipmentRequested), typeof(ShipmentDispatched), typeof(ShipmentDelivered)],
            (await Workflows.Events(shipment, Token)).Select(fact => fact.GetType()));
    }

    [Theory]
    [InlineData("tok_declined", "GB", "The payment was declined: The card was declined.")]
    [InlineData("tok_stolen", "GB", "Use one of tok_ok, tok_declined, tok_slow, tok_flaky and tok_timeout.")]
    [InlineData("tok_ok", "XX", "The shipment was refused: The carrier does not serve the country XX.")]
    public async Task A_refused_order_is_canceled_with_its_stock_and_money_back(
        string card, string country, string reason)
    {
        var shop = await Shop.Open(Workflows, units: 100, Token);

        var order = await shop.Place(3, card, country);

        Assert.Contains(
            reason, Assert.IsType<OrderCanceled>(await shop.FinalEvent(order)).Reason, StringComparison.Ordinal);
        Assert.Equal(new StockLevel(100, 0), await shop.Stock());
        Assert.DoesNotContain(await shop.PaymentOf(order), fact => fact is PaymentCaptured);
    }

    [Fact]
    public async Task An_order_beyond_the_stock_is_canceled_and_names_what_is_missing()
    {
        var shop = await Shop.Open(Workflows, units: 5, Token);

        var order = await shop.Place(quantity: 6);

        var canceled = Assert.IsType<OrderCanceled>(await shop.FinalEvent(order));
        Assert.Contains("HAT-1 (6 wanted, 5 available)", canceled.Reason, StringComparison.Ordinal);
        Assert.Equal(new StockLevel(5, 0), await shop.Stock());
        Assert.Empty(await shop.PaymentOf(order));
    }

    [Fact]
    public async Task An_order_canceled_in_the_middle_gets_its_late_authorization_voided()
    {
        var shop = await Shop.Open(Workflows, units: 100, Token);
        var order = await shop.Place(card: "tok_slow");
        var payment = CommerceStreams.Payment(shop.Tenant, order);
        await Workflows.EventOf(payment, fact => fact is PaymentRequested, Token);

        await shop.Completed(new RequestOrderCancellation(shop.Tenant, order, "too slow"));

        Assert.Equal(
            new OrderCanceled(shop.Tenant, order, "Canceled by the customer: too slow"), await shop.FinalEvent(order));
        Assert.Equal(new StockLevel(100, 0), await shop.Stock());
        await Workflows.EventOf(payment, fact => fact is PaymentVoided { Amount.Amount: 14.80m }, Token);
        Assert.Equal(
            [typeof(PaymentRequested), typeof(PaymentVoided), typeof(PaymentAuthorized), typeof(PaymentVoided)],
            (await shop.PaymentOf(order)).Select(fact => fact.GetType()));
    }

    [Fact]
    public async Task Two_tenants_with_the_same_order_id_do_not_meet()
    {
        var one = await Shop.Open(Workflows, units: 10, Token);
        var other = await Shop.Open(Workflows, units: 10, Token);
        var id = Guid.CreateVersion7();

        await Task.WhenAll(one.Place(quantity: 2, orderId: id), other.Place(3, "tok_declined", orderId: id));

        Assert.IsType<OrderCompleted>(await one.FinalEvent(id));
        Assert.IsType<OrderCanceled>(await other.FinalEvent(id));
        Assert.Equal(new StockLevel(8, 0), await one.Stock());
        Assert.Equal(new StockLevel(10, 0), await other.Stock());
    }

    [Fact]
    public async Task Parallel_orders_on_one_sku_sell_what_is_there_and_not_one_more()
    {
        var shop = await Shop.Open(Workflows, units: 30, Token);

        var orders = await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => shop.Place(quantity: 3)));
        var ends = await Task.WhenAll(orders.Select(shop.FinalEvent));

        Assert.Equal(10, ends.Count(end => end is OrderCompleted));
        Assert.Equal(5, ends.Count(end => end is OrderCanceled));
        Assert.Equal(new StockLevel(0, 0), await shop.Stock());
    }
}
