using EventStore;
using Projections.Catalog;
using Projections.OnRead;
using Projections.Ordering;

namespace Projections.Checking;

/// <summary>The streams that the row of a key is made of. A new kind of key is named here.</summary>
internal static class EntityStreams
{
    /// <exception cref="NotSupportedException">It is not said for this kind of key.</exception>
    public static IReadOnlyList<StreamEnd> Of(object key) => key switch
    {
        ProductKey product => ModelsOnRead.StreamsOfProduct(product.Tenant, product.Sku),
        OrderKey order => ModelsOnRead.StreamsOfOrder(order.Tenant, order.OrderId),
        _ => throw new NotSupportedException(
            $"A row of {key.GetType().Name} cannot be checked: name its streams in {nameof(EntityStreams)}."),
    };

    /// <summary>A key for people, such as <c>demo/TEA-1</c>.</summary>
    public static string Name(object key) => key switch
    {
        ProductKey product => $"{product.Tenant}/{product.Sku}",
        OrderKey order => $"{order.Tenant}/{order.OrderId}",
        _ => key.ToString() ?? "",
    };
}
