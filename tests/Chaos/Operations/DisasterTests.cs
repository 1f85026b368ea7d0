using System.Net;
using System.Text.Json.Nodes;
using Commerce.Contracts.Ordering;
using Commerce.Contracts.Payments;
using Commerce.Contracts.Shipping;
using Commerce.EventLog;
using EventStore;
using Npgsql;

namespace Chaos.Operations;

/// <summary>A backup under load, every server and every file lost, and a restore on empty servers.</summary>
public sealed class DisasterTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Load = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_acknowledged_before_a_backup_survives_the_loss_of_everything()
    {
        var folder = Directory.CreateTempSubdirectory("cqrs-disaster-");
        try
        {
            var backup = Path.Combine(folder.FullName, "backup");
            var (promised, highestToken) = await LiveAndLose(backup);

            await using var system = await WholeSystem.StartServers(Cancel);
            output.WriteLine(await CqrsProcess.Run(system.Environment, Cancel, "restore", "--from", backup, "--yes"));
            await system.StartServices(Cancel);
            await using var database = NpgsqlDataSource.Create(system.Commerce);
            await using var log = new PostgresEventStore(database, CommerceEvents.Types());

            var orders = await FinalOrders(log);
            output.WriteLine($"{promised.Count} orders acknowledged before the backup, {orders.Count} orders in the log");
            Assert.Empty(promised.Except(orders));
            var customers = new Customers(system.Commands);
            var order = await customers.Order("tok_ok", wait: true, Cancel);
            Assert.True(customers.HighestToken > highestToken, $"{customers.HighestToken} was given before: {highestToken}");
            await FinalOrders(log);
            await AssertNothingTwice(database);
            await AssertModels(system.Queries, [.. orders, order], await log.ReadHead(Cancel));
            await CqrsProcess.Run(system.Environment, Cancel, "event-store", "verify");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <returns>
    /// What was acknowledged before the backup began, and the highest position that anybody was told.
    /// </returns>
    private async Task<(IReadOnlyList<Guid> Promised, long HighestToken)> LiveAndLose(string backup)
    {
        await using var system = await WholeSystem.StartServers(Cancel);
        await system.StartServices(Cancel);
        var customers = new Customers(system.Commands);
        await customers.Stock(Cancel);
        using var closing = new CancellationTokenSource();
        var shopping = customers.Shop(closing.Token, Cancel);

        await Task.Delay(Load, Cancel);
        var promised = customers.AcknowledgedBefore(DateTimeOffset.UtcNow);
        output.WriteLine(await CqrsProcess.Run(system.Environment, Cancel, "backup", "--to", backup));
        await Task.Delay(Load / 3, Cancel);
        await closing.CancelAsync();
        await shopping;
        Assert.True(customers.Acknowledged > promised.Count, "Nothing happened after the backup: nothing would be lost.");
        return (promised, customers.HighestToken);
    }

    /// <summary>Waits until every order of the log is completed or canceled, and every parcel delivered.</summary>
    private static async Task<IReadOnlyList<Guid>> FinalOrders(PostgresEventStore log)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Within);
        var (open, road) = (new HashSet<Guid>(), new HashSet<Guid>());
        var all = new List<Guid>();
        try
        {
            await foreach (var batch in log.Subscribe(0, cancellationToken: limit.Token))
            {
                foreach (var fact in batch.Events.Select(recorded => recorded.Data))
                    Take(fact);
                if (batch.Position >= batch.Head && open.Count == 0 && road.Count == 0)
                    return all;
            }
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
            // Told below.
        }
        throw new TimeoutException(
            $"Not final after {Within}: {open.Count} orders ({string.Join(", ", open.Take(5))}), {road.Count} parcels.");

        void Take(object fact)
        {
            switch (fact)
            {
                case OrderPlaced placed:
                    open.Add(placed.OrderId);
                    all.Add(placed.OrderId);
                    break;
                case OrderCompleted or OrderCanceled:
                    open.Remove(fact is OrderCompleted done ? done.OrderId : ((OrderCanceled)fact).OrderId);
                    break;
                case ShipmentDispatched dispatched:
                    road.Add(dispatched.OrderId);
                    break;
                case ShipmentDelivered delivered:
                    road.Remove(delivered.OrderId);
                    break;
            }
        }
    }

    /// <summary>No order is paid, shipped or ended twice, and both at once never.</summary>
    private static async Task AssertNothingTwice(NpgsqlDataSource database)
    {
        await using var twice = database.CreateCommand(
            """
            select coalesce(string_agg(stream || ' ' || type, ', '), '')
            from (
                select stream, type from eventstore.events
                where type in ('order-placed', 'order-completed', 'order-canceled', 'payment-requested', 'payment-captured',
                    'payment-voided', 'payment-refunded', 'shipment-requested', 'shipment-dispatched', 'shipment-delivered')
                group by stream, type having count(*) > 1
                union all
                select stream, 'completed and canceled' from eventstore.events
                where type in ('order-completed', 'order-canceled')
                group by stream having count(distinct type) > 1) as doubled
            """);
        Assert.Equal("", await twice.ExecuteScalarAsync(Cancel));
        await using var unpaid = database.CreateCommand(
            """
            select count(*) from eventstore.events as o
            where o.type = 'order-completed' and not exists (
                select from eventstore.events as p
                where p.stream = replace(o.stream, 'order/', 'payment/') and p.type = 'payment-captured')
            """);
        Assert.Equal(0L, await unpaid.ExecuteScalarAsync(Cancel));
    }

    /// <summary>
    /// Each answer of a read model is what a fold of the log answers, and nothing is reserved any more.
    /// </summary>
    private static async Task AssertModels(Uri queries, IReadOnlyList<Guid> orders, long token)
    {
        using var http = new HttpClient { BaseAddress = queries, Timeout = TimeSpan.FromSeconds(40) };
        var paths = orders.Select(order => $"orders/{order}")
            .Concat(Customers.Goods.SelectMany(sku => new[] { $"stock/{sku}", $"products/{sku}" }));
        foreach (var path in paths)
        {
            var strong = await Get(http, path, ("Consistency", "strong"));
            var model = await Get(http, path, ("Consistency-Token", token.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            Assert.True(JsonNode.DeepEquals(strong, model), $"{path}: {model} is in the model, {strong} in the log");
            if (path.StartsWith("stock/", StringComparison.Ordinal))
                Assert.Equal(0, (int)model["reserved"]!);
        }
    }

    private static async Task<JsonNode> Get(HttpClient http, string path, (string Name, string Value) header)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Within);
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add(header.Name, header.Value);
            using var response = await http.SendAsync(request, limit.Token);
            var body = await response.Content.ReadAsStringAsync(limit.Token);
            if (response.StatusCode == HttpStatusCode.OK)
                return JsonNode.Parse(body)!;
            Assert.True(response.StatusCode == HttpStatusCode.ServiceUnavailable, $"{path}: {response.StatusCode} {body}");
            await Task.Delay(Look, limit.Token);
        }
    }
}
