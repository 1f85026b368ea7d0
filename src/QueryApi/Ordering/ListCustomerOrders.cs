using System.Globalization;
using Commerce.Contracts;
using Commerce.Contracts.Ordering;
using Npgsql;
using NpgsqlTypes;
using QueryApi.Caching;
using QueryApi.Consistency;
using QueryApi.Paging;
using QueryApi.Stores;
using ServiceDefaults.Http;

namespace QueryApi.Ordering;

internal sealed record ListCustomerOrdersRequest(string CustomerId, int? Limit = null, string? Cursor = null) : Query;

internal sealed class ListCustomerOrdersValidator : QueryValidator<ListCustomerOrdersRequest>
{
    public ListCustomerOrdersValidator() => RuleFor(request => request.Limit).IsPageSize();
}

/// <summary>The orders of a customer, newest first, page by page.</summary>
internal sealed class ListCustomerOrders(ReadModels models, Answers answers, Cursors cursors)
    : Endpoint<ListCustomerOrdersRequest, Page<OrderSummary>>
{
    private static readonly string Select = Sql.Of<ListCustomerOrders>();

    public override void Configure()
    {
        Get("/customers/{customerId}/orders");
        AllowAnonymous();
        Description(route => route.AsQuery("Ordering"));
        Summary(summary => summary.Summary = "A customer's orders, newest first; an unknown customer has none.");
    }

    public override async Task HandleAsync(ListCustomerOrdersRequest request, CancellationToken cancellationToken)
    {
        var tenant = HttpContext.Tenant();
        var list = $"customer-orders/{tenant}/{request.CustomerId}";
        var after = request.Cursor is null ? null : cursors.Open(list, request.Cursor);
        if (request.Cursor is not null && after is null)
            ThrowError(query => query.Cursor, cursors.Refusal);

        var source = new Source<Page<OrderSummary>>(
            ProjectionNames.CustomerOrders,
            $"Customer '{request.CustomerId}' has no orders.",
            cancellation => ReadPage(tenant, request, list, after, cancellation),
            page => MadeOf.CustomerOrders(tenant, request.CustomerId, page.Items.Select(order => order.OrderId)));
        await Send.ResultAsync(await answers.Give(HttpContext, request, source, cancellationToken));
    }

    private async Task<Reading<Page<OrderSummary>>> ReadPage(
        string tenant,
        ListCustomerOrdersRequest request,
        string list,
        IReadOnlyList<string>? after,
        CancellationToken cancellationToken)
    {
        var limit = request.Limit ?? PageSize.Default;
        var found = await models.Query(
            Select,
            [
                new() { Value = tenant },
                new() { Value = request.CustomerId },
                Optional(after is null ? null : Time(after[0]), NpgsqlDbType.TimestampTz),
                Optional(after is null ? null : Guid.Parse(after[1]), NpgsqlDbType.Uuid),
                new() { Value = limit + 1 },
            ],
            (reader, token) => reader.Many(Read, token),
            cancellationToken);
        return found.AsPage(limit, last => cursors.Seal(list, [Text(last.PlacedAt), last.OrderId.ToString()]));
    }

    private static OrderSummary Read(NpgsqlDataReader row) => new(
        OrderId: row.GetGuid(2),
        Status: OrderRow.Status(row.GetString(3)),
        Total: new Money(row.GetDecimal(4), row.GetString(5)),
        LineCount: row.GetInt32(6),
        Units: row.GetInt32(7),
        PlacedAt: row.GetFieldValue<DateTimeOffset>(8));

    private static NpgsqlParameter Optional(object? value, NpgsqlDbType type) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static string Text(DateTimeOffset time) => time.UtcTicks.ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) =>
        new(long.Parse(text, CultureInfo.InvariantCulture), TimeSpan.Zero);
}
