using Commerce.Contracts.Ordering;
using Projections.Engine;
using Projections.Engine.Redis;
using Projections.Ordering;

namespace Projections.Sales;

/// <summary>
/// Units sold by product, overall and by category. Sold means completed: an order that is canceled sold nothing.
/// </summary>
internal sealed class Bestsellers : Projection<OrderKey, Bestsellers.OpenOrder>
{
    public Bestsellers()
        : base("bestsellers", version: 1)
    {
        Start<OrderPlaced>(e => new(e.Tenant, e.OrderId), (e, _) => new OpenOrder(
            [.. e.Lines.Select(line => new Units(line.Sku, line.Name, line.Category, line.Quantity))]));
        End<OrderCompleted>(e => new(e.Tenant, e.OrderId), (order, e, _, totals) =>
        {
            foreach (var line in order.Lines)
                totals.Add(new Product(e.Tenant, line.Category, line.Sku, line.Name), line.Quantity);
        });
        End<OrderCanceled>(e => new(e.Tenant, e.OrderId));
    }

    public override RedisStorage<OrderKey, OpenOrder> Redis { get; } = new(
        Key: order => $"/open/{order.Tenant}/{order.OrderId}",
        Fields: null,
        Total: (group, figures, write) =>
        {
            var product = (Product)group;
            write.Increment($"/all/{product.Tenant}", product.Sku, figures.Count);
            write.Increment($"/category/{product.Tenant}/{product.Category}", product.Sku, figures.Count);
            write.SetField($"/names/{product.Tenant}", product.Sku, product.Name);
        });

    internal sealed record OpenOrder(IReadOnlyList<Units> Lines);

    internal sealed record Units(string Sku, string Name, string Category, int Quantity);

    internal sealed record Product(string Tenant, string Category, string Sku, string Name);
}
