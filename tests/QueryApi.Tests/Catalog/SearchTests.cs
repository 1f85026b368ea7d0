using Commerce.Contracts;
using Commerce.Contracts.Catalog;
using QueryApi.Tests.Running;

namespace QueryApi.Tests.Catalog;

/// <summary>What search promises, the same of both engines.</summary>
public abstract class SearchTests(RunningCommerce commerce)
{
    private readonly Shop shop = new(RunningCommerce.NewTenant());

    private protected abstract RunningQueryApi Api { get; }

    [Fact]
    public async Task A_word_finds_products_by_name_before_brand_before_category_before_description()
    {
        var token = await commerce.Append(
            shop.Registered("S-4", "Compass", "Navigation", brand: "Quester", description: "With a summit scale."),
            shop.Registered("S-3", "Harness", "Summit Gear", brand: "Quester", description: "Padded."),
            shop.Registered("S-2", "Rope", "Climbing", brand: "Summit", description: "Sixty metres."),
            shop.Registered("S-1", "Summit Tent", "Camping", brand: "Quester", description: "For two."));

        Assert.Equal(["S-1", "S-2", "S-3", "S-4"], await Skus("search=summit", token));
    }

    [Theory]
    [InlineData("snowboard", "SNB-01", "SNB-02", "SNB-03", "GOG-01")]
    [InlineData("snowboards", "SNB-01", "SNB-02", "SNB-03", "GOG-01")]
    [InlineData("SNOWBOARD", "SNB-01", "SNB-02", "SNB-03", "GOG-01")]
    [InlineData("northpeak", "SNB-01", "SNB-03", "JKT-02")]
    [InlineData("hiking boots", "SHO-02")]
    [InlineData("the tent for two", "TNT-01")]
    [InlineData("GPS-01", "GPS-01")]
    [InlineData("gps-01", "GPS-01")]
    [InlineData("daybird backpack", "BAG-02")]
    [InlineData("submarine")]
    public async Task Words_find_products(string text, params string[] expected)
    {
        var token = await commerce.Append(SampleCatalog.In(shop));

        var found = await Skus($"search={Uri.EscapeDataString(text)}", token);

        Assert.Equal(expected.Order(), found.Order());
    }

    [Theory]
    [InlineData("snowbord", "SNB-01")]
    [InlineData("backpak", "BAG-01")]
    [InlineData("jaket", "JKT-01")]
    [InlineData("compas", "CMP-01")]
    [InlineData("helmt", "HLM-01")]
    [InlineData("northpeek", "JKT-02")]
    [InlineData("navigaton", "GPS-01")]
    public async Task A_misspelled_word_finds_what_was_meant(string text, string expected)
    {
        var token = await commerce.Append(SampleCatalog.In(shop));

        Assert.Contains(expected, await Skus($"search={text}", token));
    }

    [Fact]
    public async Task What_is_named_just_so_comes_first()
    {
        var token = await commerce.Append(SampleCatalog.In(shop));

        Assert.Equal("BAG-01", (await Skus("search=expedition+backpack", token))[0]);
        Assert.Equal("JKT-02", (await Skus("search=down+jacket", token))[0]);
    }

    [Fact]
    public async Task Of_three_words_one_may_be_missing_but_more_matches_rank_higher()
    {
        var token = await commerce.Append(SampleCatalog.In(shop));

        var found = await Skus("search=daybird+insulated+jacket", token);

        Assert.Equal("JKT-03", found[0]);
        Assert.DoesNotContain("BAG-02", found);
    }

    [Fact]
    public async Task Each_facet_heeds_the_other_filters_but_not_its_own()
    {
        var token = await commerce.Append(SampleCatalog.In(shop));

        var page = await Search("category=Bags&brand=Quester&minPrice=100", token);

        Assert.Equal((1, "BAG-01"), (page.Total, page.Items.Single().Sku));
        Assert.Equal([new FacetValue("Bags", 1), new FacetValue("Camping", 1)], page.Facets.Category);
        Assert.Equal([new FacetValue("Quester", 1)], page.Facets.Brand);
        Assert.Equal([new PriceFacet(50, 100, 1), new PriceFacet(100, 250, 1)], page.Facets.Price);
    }

    [Fact]
    public async Task Facets_count_what_the_words_found()
    {
        var token = await commerce.Append(SampleCatalog.In(shop));

        var page = await Search("search=waterproof", token);

        Assert.Equal(3, page.Total);
        Assert.Equal(
            [new FacetValue("Bags", 1), new FacetValue("Footwear", 1), new FacetValue("Jackets", 1)],
            page.Facets.Category);
        Assert.Equal([new PriceFacet(50, 100, 1), new PriceFacet(100, 250, 2)], page.Facets.Price);
    }

    [Theory]
    [InlineData("price", "LMP-01", "SNB-01")]
    [InlineData("-price", "SNB-01", "LMP-01")]
    [InlineData("name", "GOG-01", "BAG-04")]
    [InlineData("relevance", "GOG-01", "BAG-04")]
    public async Task Without_words_all_products_are_sorted_as_asked(string sort, string first, string last)
    {
        var token = await commerce.Append(SampleCatalog.In(shop));

        var found = await Skus($"sort={sort}", token);

        Assert.Equal((SampleCatalog.Size, first, last), (found.Count, found[0], found[^1]));
    }

    [Theory]
    [InlineData("sort=price")]
    [InlineData("sort=-price")]
    [InlineData("sort=name")]
    [InlineData("search=lantern")]
    public async Task Pages_follow_each_other_over_ties_without_gap_or_overlap(string query)
    {
        // Eleven products alike in all but their SKU.
        var token = await commerce.Append(
            [.. Enumerable.Range(1, 11).Select(number => shop.Registered($"SAME-{number:00}"))]);

        List<string> seen = [];
        string? next = null;
        do
        {
            var page = await Search($"{query}&limit=3{(next is null ? "" : $"&cursor={next}")}", token);
            Assert.Equal(11, page.Total);
            Assert.InRange(page.Items.Count, 1, 3);
            seen.AddRange(page.Items.Select(item => item.Sku));
            next = page.Next;
        }
        while (next is not null);

        Assert.Equal(Enumerable.Range(1, 11).Select(number => $"SAME-{number:00}"), seen);
    }

    [Fact]
    public async Task Products_indexed_between_two_pages_move_none_of_the_others()
    {
        string[] skus = ["SAME-1", "SAME-2", "SAME-3", "SAME-4"];
        var token = await commerce.Append([.. skus.Select(sku => shop.Registered(sku))]);
        var first = await Search("search=storm+lantern&limit=2", token);
        var other = new Shop(RunningCommerce.NewTenant());
        token = await commerce.Append([.. Enumerable.Range(0, 50).Select(number => other.Registered($"MORE-{number}"))]);

        var second = await Search($"search=storm+lantern&limit=2&cursor={first.Next}", token);

        Assert.Equal(skus, first.Items.Concat(second.Items).Select(item => item.Sku));
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task A_cursor_of_another_search_is_refused()
    {
        var token = await commerce.Append(SampleCatalog.In(shop));
        var next = (await Search("search=jacket&limit=1", token)).Next;

        using var response = await Api.Send($"/products?search=tent&limit=1&cursor={next}", shop.Tenant);

        Assert.Contains("'next'", await response.Error("cursor"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Discontinued_products_are_not_offered()
    {
        var token = await commerce.Append(
            shop.Registered("LAMP-1"), shop.Registered("LAMP-2"), new ProductDiscontinued(shop.Tenant, "LAMP-1", null));

        Assert.Equal(["LAMP-2"], await Skus("search=lantern", token));
        Assert.Equal(["LAMP-2"], await Skus("", token));
        Assert.Equal(["LAMP-2"], await Suggestions("storm", token));
    }

    [Fact]
    public async Task Another_tenants_products_are_not_found()
    {
        var token = await commerce.Append(SampleCatalog.In(shop));

        var page = await Api.Get<ProductPage>("/products?search=snowboard", RunningCommerce.NewTenant(), token);

        Assert.Equal((0, 0), (page.Total, page.Facets.Category.Count));
    }

    [Theory]
    [InlineData("snow", "SNB-01", "SNB-03", "SNB-02")]
    [InlineData("Hik", "SHO-02", "SHO-01")]
    [InlineData("ex ba", "BAG-01")]
    [InlineData("head", "LMP-01")]
    [InlineData("gps-", "GPS-01")]
    [InlineData("do", "JKT-02")]
    [InlineData("oard")]
    [InlineData("50%_")]
    public async Task Suggestions_begin_with_what_was_typed(string typed, params string[] expected)
    {
        var token = await commerce.Append(SampleCatalog.In(shop));

        Assert.Equal(expected, await Suggestions(typed, token));
    }

    [Theory]
    [InlineData("/products?limit=0", "limit", "0")]
    [InlineData("/products?sort=weight", "sort", "weight")]
    [InlineData("/products?minPrice=cheap", "minPrice", "cheap")]
    [InlineData("/products?minPrice=-1", "minPrice", "-1")]
    [InlineData("/products?minPrice=5&maxPrice=4", "maxPrice", "4")]
    [InlineData("/products?search=%00", "search", "control characters")]
    [InlineData("/products?cursor=abc", "cursor", "next")]
    [InlineData("/products/suggestions", "prefix", "needed")]
    [InlineData("/products/suggestions?prefix=+", "prefix", "needed")]
    public async Task Nonsense_is_refused_by_name(string path, string field, string said)
    {
        using var response = await Api.Send(path, shop.Tenant);

        Assert.Contains(said, await response.Error(field), StringComparison.Ordinal);
    }

    private Task<ProductPage> Search(string query, long token) =>
        Api.Get<ProductPage>($"/products?{query}", shop.Tenant, token);

    private async Task<List<string>> Skus(string query, long token) =>
        [.. (await Search(query, token)).Items.Select(item => item.Sku)];

    private async Task<List<string>> Suggestions(string typed, long token)
    {
        var path = $"/products/suggestions?prefix={Uri.EscapeDataString(typed)}";
        var suggestions = await Api.Get<Listing<ProductSuggestion>>(path, shop.Tenant, token);
        return [.. suggestions.Items.Select(item => item.Sku)];
    }
}

/// <summary>On Elasticsearch; on PostgreSQL where this machine has none.</summary>
public sealed class ElasticsearchSearchTests(RunningCommerce commerce) : SearchTests(commerce)
{
    private readonly RunningCommerce commerce = commerce;

    private protected override RunningQueryApi Api => commerce.Api;
}

public sealed class PostgresSearchTests(RunningCommerce commerce) : SearchTests(commerce)
{
    private readonly RunningCommerce commerce = commerce;

    private protected override RunningQueryApi Api => commerce.ApiWithoutElasticsearch;
}
