using Cli.Apis;
using Cli.Import;
using Commerce.Contracts;

namespace Cli.Tests;

public sealed class ReconciliationTests
{
    private static readonly RetailFile File = new("abc", 10, [], [new(3, "return", "…"), new(4, "return", "…")]);

    [Fact]
    public void Completed_orders_with_the_recorded_totals_balance()
    {
        var result = Reconciliation.Of(
            File,
            [Invoice("1", "Norway", 20m, "completed", 20m), Invoice("2", "France", 30m, "completed", 30m)],
            [new("Norway", 1, 20m, "GBP"), new("France", 1, 30m, "GBP")]);

        Assert.True(result.Balanced);
        Assert.Equal(0m, result.Difference);
        Assert.Equal(0m, result.Analytics);
        Assert.Equal(["France", "Norway"], result.Revenue.Select(row => row.Country));
        Assert.Equal(new ReasonCount("return", 2), Assert.Single(result.LinesRefused));
    }

    [Fact]
    public void Differences_of_opposite_sign_do_not_cancel_out()
    {
        var result = Reconciliation.Of(
            File, [Invoice("1", "Norway", 20m, "completed", 21m), Invoice("2", "France", 30m, "completed", 29m)], []);

        Assert.Equal(2m, result.Difference);
        Assert.False(result.Balanced);
    }

    [Fact]
    public void Rejected_and_canceled_orders_count_by_reason_and_bring_no_revenue()
    {
        var result = Reconciliation.Of(
            File,
            [
                new("1", "Norway", 5m, null, "order-minimum-total", "…"),
                Invoice("2", "Norway", 20m, "canceled", 20m, "insufficient stock"),
            ],
            []);

        Assert.True(result.Balanced);
        Assert.Empty(result.Revenue);
        Assert.Equal(new ReasonCount("order-minimum-total", 1), Assert.Single(result.OrdersRejected));
        Assert.Equal(new ReasonCount("insufficient stock", 1), Assert.Single(result.OrdersCanceled));
    }

    [Theory]
    [InlineData("placed")]
    [InlineData("confirmed")]
    [InlineData("shipped")]
    public void An_order_without_a_final_state_is_no_balance(string status)
    {
        var result = Reconciliation.Of(File, [Invoice("1", "Norway", 20m, status, 20m)], []);

        Assert.False(result.Balanced);
        Assert.Equal(["1"], result.Unfinished);
    }

    [Fact]
    public void An_order_that_never_showed_is_unfinished()
    {
        var result = Reconciliation.Of(File, [new("7", "Norway", 20m, null, null, null)], []);

        Assert.Equal(["7"], result.Unfinished);
    }

    [Fact]
    public void Analytics_of_exactly_these_orders_have_to_agree()
    {
        var result = Reconciliation.Of(
            File, [Invoice("1", "Norway", 20m, "completed", 20m)], [new("Norway", 1, 19m, "GBP")]);

        Assert.Equal(-1m, result.Analytics);
        Assert.False(result.Balanced);
    }

    [Fact]
    public void Analytics_that_hold_other_orders_too_are_not_compared()
    {
        var result = Reconciliation.Of(
            File, [Invoice("1", "Norway", 20m, "completed", 20m)], [new("Norway", 5, 100m, "GBP")]);

        Assert.Null(result.Analytics);
        Assert.True(result.Balanced);
    }

    private static InvoiceResult Invoice(
        string number, string country, decimal recorded, string status, decimal total, string? reason = null) =>
        new(number, country, recorded, new OrderAnswer(Guid.NewGuid(), status, new Money(total, "GBP"), reason), null, null);
}
