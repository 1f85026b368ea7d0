using Commerce.Contracts;
using Commerce.Contracts.Analytics;
using QueryApi.Tests.Running;

namespace QueryApi.Tests.Analytics;

public sealed class AnalyticsTests(RunningCommerce commerce)
{
    private static readonly DateTimeOffset FirstDay = new(2026, 3, 1, 23, 59, 0, TimeSpan.Zero);
    private readonly Shop shop = new(RunningCommerce.NewTenant());

    [Fact]
    public async Task Revenue_is_grouped_by_day_category_or_country_of_completed_orders()
    {
        var token = await SellOnTwoDays();

        Assert.Equal(
            [new("2026-03-01", 1, 20m, "GBP"), new("2026-03-02", 1, 12m, "GBP")], await Revenue("groupBy=day", token));
        Assert.Equal(
            [new("Garden", 1, 10m, "GBP"), new("Lighting", 2, 22m, "GBP")], await Revenue("groupBy=category", token));
        Assert.Equal(
            [new("France", 1, 12m, "GBP"), new("Spain", 1, 20m, "GBP")], await Revenue("groupBy=country", token));
    }

    [Fact]
    public async Task Revenue_is_limited_to_a_span_of_days()
    {
        var token = await SellOnTwoDays();

        Assert.Equal(["2026-03-02"], (await Revenue("from=2026-03-02", token)).Select(item => item.Key));
        Assert.Equal(["2026-03-01"], (await Revenue("to=2026-03-01", token)).Select(item => item.Key));
        Assert.Empty(await Revenue("from=2026-03-03", token));
    }

    [Theory]
    [InlineData("groupBy=week", "groupBy", "week")]
    [InlineData("from=yesterday", "from", "yesterday")]
    [InlineData("from=2026-03-02&to=2026-03-01", "to", "2026-03-01")]
    public async Task Nonsense_is_refused_by_name_and_value(string query, string field, string value)
    {
        using var response = await commerce.Api.Send($"/analytics/revenue?{query}", shop.Tenant);

        Assert.Contains(value, await response.Error(field), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bestsellers_are_ranked_by_units_sold_over_all_or_in_a_category()
    {
        var token = await SellOnTwoDays();

        Assert.Equal(
            [new("LAMP-1", "Product LAMP-1", 11), new("RAKE-1", "Product RAKE-1", 1)], await Bestsellers("", token));
        Assert.Equal([new("RAKE-1", "Product RAKE-1", 1)], await Bestsellers("?category=Garden", token));
        Assert.Equal([new("LAMP-1", "Product LAMP-1", 11)], await Bestsellers("?limit=1", token));
        Assert.Empty(await Bestsellers("?category=None", token));
    }

    /// <summary>Two orders that are completed, on two days, and one that is not.</summary>
    private async Task<long> SellOnTwoDays()
    {
        var (first, second, open) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await commerce.Append(FirstDay,
        [
            shop.Placed(first, "C1", "Spain", Shop.Line("LAMP-1", 5, 2m), Shop.Line("RAKE-1", 1, 10m, "Garden")),
            .. shop.Fulfilled(first),
            shop.Placed(open, "C1", "Spain", Shop.Line("LAMP-1", 100, 2m)),
        ]);
        return await commerce.Append(FirstDay.AddMinutes(2),
            [shop.Placed(second, "C2", "France", Shop.Line("LAMP-1", 6, 2m)), .. shop.Fulfilled(second)]);
    }

    private async Task<IReadOnlyList<Revenue>> Revenue(string query, long token) =>
        (await commerce.Api.Get<Listing<Revenue>>($"/analytics/revenue?{query}", shop.Tenant, token)).Items;

    private async Task<IReadOnlyList<Bestseller>> Bestsellers(string query, long token) =>
        (await commerce.Api.Get<Listing<Bestseller>>($"/bestsellers{query}", shop.Tenant, token)).Items;
}
