using Commerce.Contracts;
using Commerce.Contracts.Ordering;
using QueryApi.Tests.Running;

namespace QueryApi.Tests.Ordering;

public sealed class ListCustomerOrdersTests(RunningCommerce commerce)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly Shop shop = new(RunningCommerce.NewTenant());

    [Fact]
    public async Task Pages_follow_each_other_newest_first_over_orders_of_the_same_time()
    {
        List<Guid> placed = [.. Enumerable.Range(0, 7).Select(_ => Guid.CreateVersion7())];
        var token = await Place(Noon, placed[..6]);
        token = Math.Max(token, await Place(Noon.AddHours(1), placed[6..]));
        await Place(Noon, [Guid.CreateVersion7()], customer: "C2");

        List<OrderSummary> seen = [];
        string? next = "";
        for (var pages = 0; next is not null; pages++)
        {
            Assert.InRange(pages, 0, 3);
            var page = await commerce.Api.Get<Page<OrderSummary>>(
                $"/customers/C1/orders?limit=2{(next.Length > 0 ? $"&cursor={next}" : "")}", shop.Tenant, token);
            seen.AddRange(page.Items);
            next = page.Next;
        }

        Assert.Equal(placed[6], seen[0].OrderId);
        Assert.Equal(placed.Order(), seen.Select(order => order.OrderId).Order());
        Assert.Equal((OrderStatus.Placed, 1, 2), (seen[0].Status, seen[0].LineCount, seen[0].Units));
    }

    [Fact]
    public async Task A_customer_without_orders_has_an_empty_list()
    {
        Assert.Empty((await commerce.Api.Get<Page<OrderSummary>>("/customers/NOBODY/orders", shop.Tenant)).Items);
    }

    [Fact]
    public async Task A_cursor_that_is_broken_or_of_another_list_is_refused()
    {
        var token = await Place(Noon, [Guid.CreateVersion7(), Guid.CreateVersion7()]);
        var cursor = (await commerce.Api.Get<Page<OrderSummary>>(
            "/customers/C1/orders?limit=1", shop.Tenant, token)).Next!;
        var forged = $"{(cursor[0] == 'A' ? 'B' : 'A')}{cursor[1..]}";

        await Refused("/customers/C1/orders?cursor=%00", shop.Tenant);
        await Refused($"/customers/C1/orders?cursor={forged}", shop.Tenant);
        await Refused($"/customers/C2/orders?cursor={cursor}", shop.Tenant);
        await Refused($"/customers/C1/orders?cursor={cursor}", RunningCommerce.NewTenant());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("201")]
    [InlineData("many")]
    public async Task A_page_size_out_of_range_is_refused(string limit)
    {
        using var response = await commerce.Api.Send($"/customers/C1/orders?limit={limit}", shop.Tenant);

        Assert.Contains(limit, await response.Error("limit"), StringComparison.Ordinal);
    }

    private async Task Refused(string path, string tenant)
    {
        using var response = await commerce.Api.Send(path, tenant);
        Assert.Contains("'next'", await response.Error("cursor"), StringComparison.Ordinal);
    }

    private Task<long> Place(DateTimeOffset time, IReadOnlyList<Guid> orders, string customer = "C1") =>
        commerce.Append(time,
        [
            .. orders.Select(order => shop.Placed(order, customer, "France", Shop.Line("LAMP-1", 2, 24.50m))),
        ]);
}
