using Commerce.Catalog;
using Commerce.Contracts;
using Commerce.Contracts.Ordering;
using Commerce.Ordering;

namespace Workflows.Ordering;

internal sealed class PlaceOrderHandler(CommandFlow flow) : IHandleMessages<PlaceOrder>
{
    public Task Handle(PlaceOrder message, IMessageHandlerContext context) =>
        flow.Run(message, context, async streams =>
        {
            var order = await streams.Load(CommerceStreams.Order(message.Tenant, message.OrderId), Folds.Order);
            return OrderDecider.Decide(order, message, await Facts(streams, message));
        });

    /// <summary>The products on the lines, in one round trip. Their prices hold as of this reading.</summary>
    private static async Task<Dictionary<string, ProductFacts>> Facts(StreamsRead streams, PlaceOrder message)
    {
        var bySku = message.Lines.Select(line => line.Sku).Distinct(StringComparer.Ordinal)
            .ToDictionary(sku => sku, sku => CommerceStreams.Product(message.Tenant, sku), StringComparer.Ordinal);
        var products = await streams.Load(bySku.Values, Folds.Product);
        return bySku
            .Where(pair => products[pair.Value].Exists)
            .ToDictionary(pair => pair.Key, pair => FactsOf(products[pair.Value]), StringComparer.Ordinal);
    }

    private static ProductFacts FactsOf(Product product) =>
        new(product.Name, product.Category, product.Price, product.Discontinued);
}
