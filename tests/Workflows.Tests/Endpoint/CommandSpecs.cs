using System.Net;
using System.Text;
using CommandLog;
using Commerce.Contracts;
using Commerce.Contracts.Catalog;
using Commerce.Contracts.Inventory;
using Commerce.Contracts.Ordering;
using EventStore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RabbitMQ.Client;

namespace Workflows.Tests.Endpoint;

/// <summary>What becomes of single commands, as their senders see it.</summary>
public class CommandSpecs(SharedWorkflows shared) : IClassFixture<SharedWorkflows>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RunningWorkflows Workflows => shared.Running;

    [Fact]
    public async Task A_completed_command_tells_the_position_it_wrote()
    {
        var shop = await Shop.Open(Workflows, units: 0, Token);

        var status = await shop.Completed(new ReceiveStock(shop.Tenant, Shop.Sku, 10, "PO-7"));

        var recorded = await Workflows.Store
            .ReadStream(CommerceStreams.Stock(shop.Tenant, Shop.Sku), cancellationToken: Token)
            .SingleAsync(Token);
        Assert.Equal(recorded.Position, status.Token);
        Assert.Equal(status.CommandId, recorded.Metadata.CommandId);
        Assert.Equal(shop.Tenant, recorded.Metadata.Tenant);
    }

    [Fact]
    public async Task A_command_that_changes_nothing_is_completed_all_the_same()
    {
        var shop = await Shop.Open(Workflows, units: 0, Token);

        var status = await shop.Completed(new RenameProduct(shop.Tenant, Shop.Sku, "Hat"));

        Assert.Null(status.Token);
    }

    [Fact]
    public async Task A_broken_rule_is_an_outcome_with_its_name_and_reason()
    {
        var shop = await Shop.Open(Workflows, units: 0, Token);

        var status = await Workflows.Execute(shop.PlaceOrder(Guid.CreateVersion7(), quantity: 1), Token);

        Assert.Equal((CommandState.Rejected, "order-minimum-total"), (status.State, status.Rule));
        Assert.Contains("7.40 GBP", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stock_of_a_product_nobody_registered_is_rejected()
    {
        var shop = await Shop.Open(Workflows, units: 0, Token);

        var status = await Workflows.Execute(new ReceiveStock(shop.Tenant, "CAP-1", 10, null), Token);

        Assert.Equal((CommandState.Rejected, "product-unknown"), (status.State, status.Rule));
    }

    [Fact]
    public async Task A_command_about_a_closed_stream_is_rejected_by_a_rule_of_its_own()
    {
        var shop = await Shop.Open(Workflows, units: 0, Token);
        var product = CommerceStreams.Product(shop.Tenant, Shop.Sku);
        var database = Workflows.Services.GetRequiredKeyedService<NpgsqlDataSource>("commerce");
        await new StreamTombstones(database).Place(product, "ann", "registered by mistake", cancellationToken: Token);

        var status = await Workflows.Execute(new RenameProduct(shop.Tenant, Shop.Sku, "Cap"), Token);

        Assert.Equal((CommandState.Rejected, "stream-tombstoned"), (status.State, status.Rule));
        Assert.Contains(product, status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_sent_twice_under_one_id_has_one_effect()
    {
        var shop = await Shop.Open(Workflows, units: 0, Token);
        var command = new ReceiveStock(shop.Tenant, Shop.Sku, 10, null);
        var id = Guid.CreateVersion7();

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Workflows.Send(command, Token, id)));
        await Workflows.Outcome(id, Token);
        await shop.Completed(new AdjustStock(shop.Tenant, Shop.Sku, 1, "behind the others"));

        Assert.Equal(new StockLevel(11, 0), await shop.Stock());
    }

    [Fact]
    public async Task Of_several_products_with_one_sku_at_once_one_is_registered()
    {
        var shop = new Shop(Workflows, Token);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Workflows.Execute(
            new RegisterProduct(shop.Tenant, "CAP-1", $"Cap {number}", null, null, "Clothes", new Money(9m, "GBP")),
            Token)));

        Assert.Single(outcomes, outcome => outcome.State == CommandState.Completed);
        Assert.Equal(7, outcomes.Count(outcome => outcome.Rule == "sku-taken"));
    }

    [Fact]
    public async Task A_command_that_cannot_be_handled_is_failed()
    {
        var id = Guid.CreateVersion7();

        await SendRaw(id, typeof(CompleteOrder), """{ "Tenant": "demo", "OrderId": "no guid" }""");

        var status = await Workflows.Outcome(id, Token);
        Assert.Equal((CommandState.Failed, nameof(CompleteOrder)), (status.State, status.Type));
        Assert.Equal("demo", status.Tenant);
    }

    [Fact]
    public async Task The_service_is_healthy()
    {
        using var http = new HttpClient { BaseAddress = Workflows.Address };

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health", Token)).StatusCode);
    }

    /// <summary>A plain AMQP client, whose bodies nobody has checked.</summary>
    private async Task SendRaw(Guid id, Type type, string body)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(Workflows.Broker) }
            .CreateConnectionAsync(Token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);
        var properties = new BasicProperties
        {
            MessageId = id.ToString(),
            Type = type.FullName,
            ContentType = "application/json",
            Headers = new Dictionary<string, object?>
            {
                ["NServiceBus.EnclosedMessageTypes"] = type.AssemblyQualifiedName,
                ["NServiceBus.MessageIntent"] = "Send",
            },
        };
        await channel.BasicPublishAsync(
            "Commerce.Workflows", "", mandatory: true, properties, Encoding.UTF8.GetBytes(body), Token);
    }
}
