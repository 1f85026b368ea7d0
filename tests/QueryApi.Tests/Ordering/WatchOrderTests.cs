using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Commerce.Contracts.Ordering;
using QueryApi.Tests.Running;

namespace QueryApi.Tests.Ordering;

public sealed class WatchOrderTests(RunningCommerce commerce)
{
    private readonly Shop shop = new(RunningCommerce.NewTenant());
    private readonly Guid order = Guid.CreateVersion7();

    [Fact]
    public async Task Changes_of_status_arrive_as_they_happen_until_the_final_one()
    {
        using var response = await Watch(await Place());
        await using var changes = Changes(response).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.Equal(OrderStatus.Placed, (await Next(changes)).Status);

        await commerce.Append(shop.Confirmed(order));
        Assert.Equal(OrderStatus.Confirmed, (await Next(changes)).Status);

        await commerce.Append(shop.Canceled(order, "the carrier refused"));
        var last = await Next(changes);
        Assert.Equal((order, OrderStatus.Canceled, "the carrier refused"), (last.OrderId, last.Status, last.Reason));
        Assert.False(await changes.MoveNextAsync());
    }

    [Fact]
    public async Task Changes_that_come_at_once_are_all_told_and_only_those_of_status()
    {
        await Place();
        var token = await commerce.Append(shop.Fulfilled(order));

        using var response = await Watch(token);

        List<OrderStatus> told = [];
        await foreach (var change in Changes(response).WithCancellation(TestContext.Current.CancellationToken))
            told.Add(change.Data.Status);
        Assert.Equal([OrderStatus.Placed, OrderStatus.Confirmed, OrderStatus.Shipped, OrderStatus.Completed], told);
    }

    [Fact]
    public async Task A_client_that_comes_back_gets_what_it_missed()
    {
        await Place();
        var token = await commerce.Append(shop.Fulfilled(order));
        using var before = await Watch(token);
        var all = await Changes(before).ToListAsync(TestContext.Current.CancellationToken);

        using var resumed = await Watch(token, ("Last-Event-ID", all[1].EventId!));

        var missed = await Changes(resumed).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(all.Skip(2).Select(change => change.EventId), missed.Select(change => change.EventId));
    }

    [Fact]
    public async Task A_client_that_has_seen_the_final_status_is_told_that_nothing_will_come()
    {
        await Place();
        var token = await commerce.Append(shop.Fulfilled(order));
        using var before = await Watch(token);
        var last = (await Changes(before).ToListAsync(TestContext.Current.CancellationToken))[^1];

        using var again = await Watch(token, ("Last-Event-ID", last.EventId!));

        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
    }

    [Fact]
    public async Task An_unknown_order_cannot_be_watched()
    {
        using var response = await Watch(token: 0);

        await response.Problem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_quiet_stream_says_that_it_is_alive_and_streams_are_bounded()
    {
        await using var api = await RunningQueryApi.Start(
            commerce.Connections, TestContext.Current.CancellationToken,
            "--Queries:LiveHeartbeat=00:00:00.050", "--Queries:MaxLiveOrders=1");
        var token = await Place();
        using var open = await api.Send($"/orders/{order}/live", shop.Tenant, token);

        using var beyond = await api.Send($"/orders/{order}/live", shop.Tenant, token);
        using var reader = new StreamReader(
            await open.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var lines = 0;
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) != ": still here")
            Assert.InRange(lines++, 0, 20);

        await beyond.Problem(HttpStatusCode.ServiceUnavailable);
    }

    private Task<long> Place() =>
        commerce.Append(shop.Placed(order, "C1", "United Kingdom", Shop.Line("LAMP-1", 1, 24.50m)));

    private Task<HttpResponseMessage> Watch(long token, params (string, string)[] headers) =>
        commerce.Api.Send($"/orders/{order}/live", shop.Tenant, token, headers);

    private static async IAsyncEnumerable<SseItem<OrderStatusChange>> Changes(HttpResponseMessage response)
    {
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var parser = SseParser.Create(
            await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken),
            (type, data) =>
            {
                Assert.Equal("status", type);
                return JsonSerializer.Deserialize<OrderStatusChange>(data, JsonSerializerOptions.Web)!;
            });
        await foreach (var change in parser.EnumerateAsync(TestContext.Current.CancellationToken))
            yield return change;
    }

    private static async Task<OrderStatusChange> Next(IAsyncEnumerator<SseItem<OrderStatusChange>> changes)
    {
        Assert.True(await changes.MoveNextAsync());
        return changes.Current.Data;
    }
}
