using System.Globalization;
using Commerce.Contracts.Inventory;
using Npgsql;
using Projections.OnRead;
using QueryApi.Caching;
using QueryApi.Consistency;
using QueryApi.Stores;
using ServiceDefaults.Http;
using StackExchange.Redis;

namespace QueryApi.Inventory;

internal sealed record GetStockRequest(string Sku) : Query;

internal sealed class GetStockValidator() : QueryValidator<GetStockRequest>(offersStrong: true);

/// <summary>
/// Stock of a SKU, from Redis; while Redis is away, from the product details in PostgreSQL, with a warning.
/// </summary>
internal sealed class GetStock(RedisModels redis, ReadModels models, CommerceLog log, Answers answers)
    : Endpoint<GetStockRequest, StockOfProduct>
{
    private static readonly string Select = Sql.Of<GetStock>();
    private static readonly RedisValue[] Fields = ["onHand", "reserved", "available"];

    public override void Configure()
    {
        Get("/stock/{sku}");
        AllowAnonymous();
        Description(route => route.AsQueryForOne("Inventory"));
        Summary(summary => summary.Summary = "Units on hand, reserved and available of a SKU.");
    }

    public override async Task HandleAsync(GetStockRequest request, CancellationToken cancellationToken)
    {
        var (tenant, sku) = (HttpContext.Tenant(), request.Sku);
        var source = new Source<StockOfProduct>(
            // A token has to be waited for where the answer will come from.
            redis.IsConnected ? ProjectionNames.StockLevels : ProjectionNames.ProductDetails,
            $"No stock was ever booked for '{sku}'.",
            cancellation => Read(tenant, sku, cancellation),
            _ => MadeOf.Stock(tenant, sku))
        {
            Strong = async cancellation =>
            {
                var (position, events) = await log.Read(ModelsOnRead.StreamsOfStock(tenant, sku), cancellation);
                return Reading.Strong(ModelsOnRead.StockOf(tenant, sku, events), position);
            },
            Shared = false,
        };
        await Send.ResultAsync(await answers.Give(HttpContext, request, source, cancellationToken));
    }

    private async Task<Reading<StockOfProduct>> Read(string tenant, string sku, CancellationToken cancellationToken)
    {
        try
        {
            var (level, mark) = await redis.Read(
                ProjectionNames.StockLevels,
                (transaction, prefix) => transaction.HashGetAsync($"{prefix}/{tenant}/{sku}", Fields),
                cancellationToken);
            var stock = level[0].IsNull
                ? null
                : new StockOfProduct(sku, Units(level[0]), Units(level[1]), Units(level[2]));
            return new Reading<StockOfProduct>(stock, mark);
        }
        catch (ServiceUnavailableException)
        {
            var fallback = await models.Query(
                Select,
                [new() { Value = tenant }, new() { Value = sku }],
                (reader, token) => reader.One(Read, token),
                cancellationToken);
            return fallback with { Stale = "Redis is away; from the product details" };
        }
    }

    private static StockOfProduct Read(NpgsqlDataReader row) =>
        new(row.GetString(2), row.GetInt32(3), row.GetInt32(4), row.GetInt32(5));

    private static int Units(RedisValue value) => int.Parse(value.ToString(), CultureInfo.InvariantCulture);
}
