using Commerce.Contracts;
using QueryApi.Tests.Running;

namespace QueryApi.Tests.Catalog;

/// <summary>A small outdoor shop to search in; made for the cases of <see cref="SearchTests"/>.</summary>
internal static class SampleCatalog
{
    private static readonly Product[] Products =
    [
        new("SNB-01", "Blizzard Snowboard", "Winter Sports", "Northpeak", 449.99m, "All-mountain, with a poplar core."),
        new("SNB-02", "Powder Snowboard", "Winter Sports", "Zephyr", 399.00m, "Floats over deep snow."),
        new("SNB-03", "Park Snowboard Boots", "Winter Sports", "Northpeak", 249.00m, "Soft boots for the park."),
        new("GOG-01", "Alpine Goggles", "Winter Sports", "Wildrun", 79.99m, "Clear view on any snowboard."),
        new("BAG-01", "Expedition Backpack", "Bags", "Quester", 129.99m, "Sixty litres for a week outside."),
        new("BAG-02", "Day Backpack", "Bags", "Daybird", 64.99m, "Twenty litres, one pocket."),
        new("BAG-03", "Duffel Bag", "Bags", "Quester", 79.99m, "Waterproof, with shoulder straps."),
        new("BAG-04", "Weekend Bag", "Bags", null, 45.00m, "Holds a tent and a sleeping bag."),
        new("SHO-01", "Trail Hiking Shoes", "Footwear", "Daybird", 89.99m, "Light shoes for dry trails."),
        new("SHO-02", "Ridge Hiking Boots", "Footwear", "Daybird", 119.99m, "Waterproof leather to the ankle."),
        new("SHO-03", "Running Shoes", "Footwear", "Wildrun", 99.99m, "Cushioned for the road."),
        new("JKT-01", "Storm Jacket", "Jackets", "Zephyr", 139.99m, "Waterproof and windproof."),
        new("JKT-02", "Down Jacket", "Jackets", "Northpeak", 239.99m, "Warm to minus twenty."),
        new("JKT-03", "Insulated Jacket", "Jackets", "Daybird", 169.99m, "For cold and dry days."),
        new("TNT-01", "Survivor Tent", "Camping", "Quester", 249.99m, "For two, in any wind."),
        new("TNT-02", "Family Tent", "Camping", null, 279.99m, "For five, with standing height."),
        new("LMP-01", "Headlamp", "Camping", "Daybird", 9.99m, "Three hundred lumens."),
        new("GPS-01", "Pathfinder GPS Watch", "Navigation", "Wildrun", 199.00m, "Finds the way back."),
        new("CMP-01", "Field Compass", "Navigation", "Quester", 24.99m, "Liquid-filled, with a mirror."),
        new("HLM-01", "Café Rider Helmet", "Cycling", "Zephyr", 59.99m, "Light and well aired."),
    ];

    public static int Size => Products.Length;

    public static IReadOnlyList<ICommerceEvent> In(Shop shop) =>
    [
        .. Products.Select(product => shop.Registered(
            product.Sku, product.Name, product.Category, product.Price, product.Brand, product.Description)),
    ];

    private sealed record Product(
        string Sku, string Name, string Category, string? Brand, decimal Price, string Description);
}
