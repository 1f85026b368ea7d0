using CommandLog;
using Commerce.Contracts;
using Commerce.Contracts.Catalog;
using Commerce.Contracts.Inventory;
using Commerce.Contracts.Ordering;

namespace Workflows.Tests.Endpoint;

/// <summary>A tenant of its own with one product in stock: tests share a service and never meet.</summary>
internal sealed class Shop(RunningWorkflows workflows, CancellationToken cancellationToken)
{
    public const string Sku = "HAT-1";

    public string Tenant { get; } = $"t{Guid.NewGuid():N}";

    public static async Task<Shop> Open(RunningWorkflows workflows, int units, CancellationToken cancellationToken)
    {
        var shop = new Shop(workflows, cancellationToken);
        await shop.Completed(
            new RegisterProduct(shop.Tenant, Sku, "Hat", null, null, "Clothes", new Money(7.40m, "GBP")));
        if (units > 0)
            await shop.Completed(new ReceiveStock(shop.Tenant, Sku, units, null));
        return shop;
    }

    /// <summary>Places an order of hats and waits until it is accepted.</summary>
    public async Task<Guid> Place(int quantity = 2, string card = "tok_ok", string country = "GB", Guid? orderId = null)
    {
        var id = orderId ?? Guid.CreateVersion7();
        await Completed(PlaceOrder(id, quantity, card, country));
        return id;
    }

    public PlaceOrder PlaceOrder(Guid id, int quantity = 2, string card = "tok_ok", string country = "GB") => new(
        Tenant,
        id,
        "C-1",
        [new RequestedLine(Sku, quantity, null)],
        new ShippingAddress("Ann", "1 High Street", null, "Leeds", "LS1", country),
        card);

    public async Task<StockLevel> Stock() => (await workflows.State(
        CommerceStreams.Stock(Tenant, Sku), Folds.Stock, cancellationToken)).Level;

    public Task<ICommerceEvent> FinalEvent(Guid orderId) =>
        workflows.FinalEvent(Tenant, orderId, cancellationToken);

    public Task<IReadOnlyList<ICommerceEvent>> PaymentOf(Guid orderId) =>
        workflows.Events(CommerceStreams.Payment(Tenant, orderId), cancellationToken);

    public async Task<CommandStatus> Completed(ICommerceCommand command)
    {
        var status = await workflows.Execute(command, cancellationToken);
        Assert.True(status.State == CommandState.Completed, $"{command} came to {status}");
        return status;
    }
}
