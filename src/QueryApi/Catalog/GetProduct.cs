using Commerce.Contracts;
using Commerce.Contracts.Catalog;
using Commerce.Contracts.Inventory;
using Npgsql;
using Projections.OnRead;
using QueryApi.Caching;
using QueryApi.Consistency;
using QueryApi.Stores;
using ServiceDefaults.Http;

namespace QueryApi.Catalog;

internal sealed record GetProductRequest(string Sku) : Query;

internal sealed class GetProductValidator() : QueryValidator<GetProductRequest>(offersStrong: true);

/// <summary>The product page: catalog entry and stock.</summary>
internal sealed class GetProduct(ReadModels models, CommerceLog log, Answers answers) : Endpoint<GetProductRequest, ProductDetails>
{
    private static readonly string Select = Sql.Of<GetProduct>();

    public override void Configure()
    {
        Get("/products/{sku}");
        AllowAnonymous();
        Description(route => route.AsQueryForOne("Catalog"));
        Summary(summary => summary.Summary = "A product with its category, price and stock.");
    }

    public override async Task HandleAsync(GetProductRequest request, CancellationToken cancellationToken)
    {
        var (tenant, sku) = (HttpContext.Tenant(), request.Sku);
        var source = new Source<ProductDetails>(
            ProjectionNames.ProductDetails,
            $"There is no product '{sku}'.",
            cancellation => models.Query(
                Select,
                [new() { Value = tenant }, new() { Value = sku }],
                (reader, token) => reader.One(Read, token),
                cancellation),
            _ => MadeOf.Product(tenant, sku))
        {
            Strong = async cancellation =>
            {
                var (position, events) = await log.Read(ModelsOnRead.StreamsOfProduct(tenant, sku), cancellation);
                return Reading.Strong(ModelsOnRead.ProductOf(tenant, sku, events), position);
            },
        };
        await Send.ResultAsync(await answers.Give(HttpContext, request, source, cancellationToken));
    }

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
