using System.Text.Json.Nodes;

namespace QueryApi.Catalog.Search;

/// <summary>Queries of product search in Elasticsearch's language.</summary>
internal static class ElasticsearchQueries
{
    private const int LongestBeginning = 15;
    private const int MostFacetValues = 100;

    /// <summary>
    /// Filters go behind the search (<c>post_filter</c>), so that each facet can leave its own out. Scores are constants:
    /// how rare a word is among the names shall not lift its mention in a description above a name, and the place of
    /// a product, which the next page goes on from, shall not move when others are indexed.
    /// </summary>
    public static JsonObject Search(ProductQuery query)
    {
        JsonObject body = new()
        {
            ["size"] = query.Limit + 1,
            ["track_total_hits"] = true,
            ["query"] = Matching(query.Tenant, query.Words),
            ["post_filter"] = All(Filters(query, except: "")),
            ["sort"] = Sort(query),
            ["aggs"] = new JsonObject
            {
                ["category"] = Facet(query, "category", Terms("category")),
                ["brand"] = Facet(query, "brand", Terms("brand")),
                ["price"] = Facet(query, "price", Ranges()),
            },
            ["_source"] = new JsonArray("sku", "name", "brand", "category", "price", "currency"),
        };
        if (query.After is { } after)
            body["search_after"] = new JsonArray([.. after.Select(key => JsonNode.Parse(key))]);
        return body;
    }

    public static JsonObject Suggest(string tenant, string prefix, int limit)
    {
        var text = prefix.Trim().ToLowerInvariant();
        var words = SearchWords.Beginnings(prefix)
            .Select(word => word.Length > LongestBeginning ? word[..LongestBeginning] : word);
        JsonArray ways = [Clause("prefix", "sku.folded", text)];
        if (string.Join(' ', words) is { Length: > 0 } beginnings)
            ways.Add(Match("name.beginnings", beginnings, "operator", "and"));
        return new JsonObject
        {
            ["size"] = limit,
            ["query"] = Bool(
                ("filter", [.. OnSale(tenant), Bool(("should", ways))]),
                ("should", [Constant(Clause("prefix", "name.sort", text), 1)])),
            ["sort"] = new JsonArray(Order("_score", "desc"), Order("name.sort", "asc"), Order("sku", "asc")),
            ["_source"] = new JsonArray("sku", "name"),
        };
    }

    private static JsonObject Matching(string tenant, SearchWords words)
    {
        if (words.All.Count == 0)
            return Bool(("filter", [.. OnSale(tenant)]));
        var someWords = Bool(("should", [.. words.All.Select(Word)]));
        someWords["bool"]!["minimum_should_match"] = words.Needed;
        return Bool(
            ("filter", [.. OnSale(tenant)]),
            ("must", [Bool(("should", [someWords, Constant(Clause("term", "sku.folded", words.Text), 100)]))]),
            ("should", NamedLike(words)));
    }

    /// <summary>Among equals, what is named most like the text.</summary>
    private static JsonArray NamedLike(SearchWords words) =>
    [
        .. words.All.Select(word => Constant(Match("name.exact", word), 0.2)),
        Constant(Clause("match_phrase", "name.exact", words.Text), 0.2),
        Constant(Clause("prefix", "name.sort", words.Text), 0.2),
        Constant(Clause("term", "name.sort", words.Text), 0.4),
    ];

    private static JsonObject Word(string word)
    {
        JsonArray fields =
        [
            Constant(Match("name", word), 6),
            Constant(Match("brand.text", word), 3.5),
            Constant(Match("category.text", word), 3),
            Constant(Match("description", word), 0.6),
            Constant(Clause("term", "sku.folded", word), 6),
        ];
        if (word.Length > 3)
        {
            fields.Add(Constant(Misspelled("name.exact", word), 2));
            fields.Add(Constant(Misspelled("brand.exact", word), 1.8));
            fields.Add(Constant(Misspelled("category.exact", word), 1.5));
        }

        return new JsonObject { ["dis_max"] = new JsonObject { ["queries"] = fields } };
    }

    private static JsonArray Sort(ProductQuery query) => query.Sort switch
    {
        ProductSort.PriceAscending => [Order("price", "asc"), Order("sku", "asc")],
        ProductSort.PriceDescending => [Order("price", "desc"), Order("sku", "asc")],
        ProductSort.Relevance when query.Words.All.Count > 0 =>
            [Order("_score", "desc"), Order("name.sort", "asc"), Order("sku", "asc")],
        _ => [Order("name.sort", "asc"), Order("sku", "asc")],
    };

    private static JsonArray Filters(ProductQuery query, string except)
    {
        JsonArray filters = [];
        if (query.Category is { } category && except != "category")
            filters.Add(Clause("term", "category", category));
        if (query.Brand is { } brand && except != "brand")
            filters.Add(Clause("term", "brand", brand));
        if ((query.MinPrice ?? query.MaxPrice) is not null && except != "price")
        {
            JsonObject range = [];
            if (query.MinPrice is { } min)
                range["gte"] = min;
            if (query.MaxPrice is { } max)
                range["lte"] = max;
            filters.Add(Clause("range", "price", range));
        }

        return filters;
    }

    private static JsonObject Facet(ProductQuery query, string name, JsonObject values) => new()
    {
        ["filter"] = All(Filters(query, except: name)),
        ["aggs"] = new JsonObject { ["values"] = values },
    };

    private static JsonObject Terms(string field) => new()
    {
        ["terms"] = new JsonObject
        {
            ["field"] = field,
            ["size"] = MostFacetValues,
            ["order"] = new JsonArray(Order("_count", "desc"), Order("_key", "asc")),
        },
    };

    private static JsonObject Ranges()
    {
        JsonArray ranges = [];
        for (var i = 0; i < PriceRanges.Starts.Length; i++)
        {
            JsonObject range = new() { ["from"] = PriceRanges.Starts[i] };
            if (PriceRanges.End(i) is { } end)
                range["to"] = end;
            ranges.Add((JsonNode)range);
        }

        return new JsonObject { ["range"] = new JsonObject { ["field"] = "price", ["ranges"] = ranges } };
    }

    private static JsonNode[] OnSale(string tenant) =>
        [Clause("term", "tenant", tenant), Clause("term", "discontinued", false)];

    private static JsonObject All(JsonArray filters) => Bool(("filter", filters));

    private static JsonObject Bool(params (string Kind, JsonArray Clauses)[] parts)
    {
        JsonObject clauses = [];
        foreach (var (kind, list) in parts)
            clauses[kind] = list;
        return new JsonObject { ["bool"] = clauses };
    }

    private static JsonObject Constant(JsonObject filter, double boost) =>
        new() { ["constant_score"] = new JsonObject { ["filter"] = filter, ["boost"] = boost } };

    private static JsonObject Match(string field, string text) => Clause("match", field, text);

    private static JsonObject Match(string field, string text, string option, JsonNode value) =>
        Clause("match", field, new JsonObject { ["query"] = text, [option] = value });

    /// <summary>One letter off in words of up to five, two in longer ones; the first letter is right.</summary>
    private static JsonObject Misspelled(string field, string word) => Clause(
        "match", field, new JsonObject { ["query"] = word, ["fuzziness"] = "AUTO", ["prefix_length"] = 1 });

    private static JsonObject Order(string field, string direction) => new() { [field] = direction };

    private static JsonObject Clause(string kind, string field, JsonNode value) =>
        new() { [kind] = new JsonObject { [field] = value } };
}
