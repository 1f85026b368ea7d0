using System.Text.Json;
using Commerce.Contracts;
using Commerce.Contracts.Ordering;
using Npgsql;

namespace QueryApi.Ordering;

/// <summary>Orders as <c>read.orders</c> holds them.</summary>
internal static class OrderRow
{
    /// <summary>Reads a row of GetOrder.sql or LiveOrders.sql.</summary>
    public static OrderDetails Read(NpgsqlDataReader row)
    {
        var placedAt = row.GetFieldValue<DateTimeOffset>(11);
        var history = Json<IReadOnlyList<OrderStep>>(row, 12);
        return new OrderDetails(
            OrderId: row.GetGuid(2),
            CustomerId: row.GetString(3),
            Status: Status(row.GetString(4)),
            Reason: row.IsDBNull(5) ? null : row.GetString(5),
            Total: new Money(row.GetDecimal(6), row.GetString(7)),
            Lines: Json<IReadOnlyList<OrderLine>>(row, 8),
            ShippingAddress: Json<ShippingAddress>(row, 9),
            TrackingNumber: row.IsDBNull(10) ? null : row.GetString(10),
            PlacedAt: placedAt,
            UpdatedAt: history is [.., var last] ? last.At : placedAt,
            History: history);
    }

    /// <summary>A status as it is stored.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static OrderStatus Status(string text) => Find(text)
        ?? throw new InvalidDataException($"'{text}' in the read model is no status of an order.");

    /// <summary>The status that a step of the history leads to; null for the steps that change none.</summary>
    public static OrderStatus? Find(string step) => step switch
    {
        "placed" => OrderStatus.Placed,
        "confirmed" => OrderStatus.Confirmed,
        "shipped" => OrderStatus.Shipped,
        "completed" => OrderStatus.Completed,
        "canceled" => OrderStatus.Canceled,
        _ => null,
    };

    private static T Json<T>(NpgsqlDataReader row, int column) =>
        JsonSerializer.Deserialize<T>(row.GetString(column), JsonSerializerOptions.Web)
        ?? throw new InvalidDataException($"The column {row.GetName(column)} of read.orders is null in JSON.");
}
