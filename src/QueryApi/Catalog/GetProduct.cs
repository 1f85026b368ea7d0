using Commerce.Contracts;
using Commerce.Contracts.Catalog;
using Commerce.Contracts.Inventory;
using Npgsql;
using QueryApi.Consistency;
using QueryApi.Stores;
using ServiceDefaults.Http;

namespace QueryApi.Catalog;

internal sealed record GetProductRequest(string Sku) : Query;

internal sealed class GetProductValidator : QueryValidator<GetProductRequest>;

/// <summary>The product page: catalog entry and stock.</summary>
internal sealed class GetProduct(ReadModels models, Answers answers) : Endpoint<GetProductRequest, ProductDetails>
{
    private static readonly string Select = Sql.Of<GetProduct>();

    public override void Configure()
    {
        Get("/products/{sku}");
        AllowAnonymous();
        Description(route => route.AsQueryForOne("Catalog"));
        Summary(summary => summary.Summary = "A product with its category, price and stock.");
    }

    public override async Task HandleAsync(GetProductRequest request, CancellationToken cancellationToken) =>
        await Send.ResultAsync(await answers.Give(
            HttpContext,
            request,
            ProjectionNames.ProductDetails,
            $"There is no product '{request.Sku}'.",
            cancellation => models.Query(
                Select,
                [new() { Value = HttpContext.Tenant() }, new() { Value = request.Sku }],
                (reader, token) => reader.One(Read, token),
                cancellation),
            cancellationToken));

    private static ProductDetails Read(NpgsqlDataReader row) => new(
        Sku: row.GetString(2),
        Name: row.GetString(3),
        Description: row.IsDBNull(4) ? null : row.GetString(4),
        Brand: row.IsDBNull(5) ? null : row.GetString(5),
        Category: row.GetString(6),
        Price: new Money(row.GetDecimal(7), row.GetString(8)),
        Discontinued: row.GetBoolean(9),
        Stock: new StockLevel(row.GetInt32(10), row.GetInt32(11)));
}
