using System.Net;
using System.Text.Json;
using Commerce.Contracts;
using Commerce.Contracts.Operations;
using Npgsql;
using QueryApi.Tests.Running;

namespace QueryApi.Tests.Operations;

public sealed class OperationsTests(RunningCommerce commerce)
{
    private readonly Shop shop = new(RunningCommerce.NewTenant());

    [Fact]
    public async Task Every_projection_tells_how_far_it_is()
    {
        var token = await commerce.Append(shop.Registered("LAMP-1"));
        (await commerce.Api.Send("/products/LAMP-1", shop.Tenant, token)).Dispose();

        var projections = (await commerce.Api.Get<Listing<ProjectionStatus>>("/status/projections", shop.Tenant)).Items;

        Assert.Equal(
            [
                "bestsellers", "customer-orders", "order-details", "product-details", "product-search", "revenue",
                "stock-levels",
            ],
            projections.Select(projection => projection.Name));
        var details = projections.Single(projection => projection.Name == "product-details");
        Assert.Equal(("postgres", 1, 0), (details.Store, details.Version, details.ParkedStreams));
        Assert.InRange(details.Position, token, long.MaxValue);
        Assert.Null(details.Error);
    }

    [Fact]
    public async Task The_service_is_ready_and_alive()
    {
        foreach (var probe in new[] { "/health", "/alive" })
        {
            var report = await commerce.Api.Get<JsonElement>(probe, shop.Tenant);
            Assert.Equal("Healthy", report.GetProperty("status").GetString());
        }
    }

    [Fact]
    public async Task Every_query_is_described_with_its_headers()
    {
        var document = await commerce.Api.Get<JsonElement>("/openapi/v1.json", shop.Tenant);

        string[] paths =
        [
            "/products/{sku}", "/products", "/products/suggestions", "/orders/{orderId}", "/orders/{orderId}/live",
            "/customers/{customerId}/orders", "/stock/{sku}", "/bestsellers", "/analytics/revenue",
            "/status/projections",
        ];
        Assert.Equal(paths.Order(), document.GetProperty("paths").EnumerateObject().Select(path => path.Name).Order());
        var parameters = document.GetProperty("paths").GetProperty("/products/{sku}").GetProperty("get")
            .GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString());
        Assert.Contains("Consistency-Token", parameters);
    }

    [Fact]
    public async Task What_is_not_there_is_said_with_problem_details()
    {
        using var path = await commerce.Api.Send("/no/such/thing", shop.Tenant);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/products/LAMP-1");
        using var method = await commerce.Api.Client.SendAsync(request, TestContext.Current.CancellationToken);

        await path.Problem(HttpStatusCode.NotFound);
        await method.Problem(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task The_connections_of_the_query_API_cannot_write()
    {
        var connection = new NpgsqlConnectionStringBuilder(commerce.Connections.ReadModels)
        {
            Options = "-c role=cqrs_reader -c default_transaction_read_only=on",
        };
        await using var database = NpgsqlDataSource.Create(connection);

        foreach (var attempt in new[]
        {
            "DELETE FROM read.products", "SET TRANSACTION READ WRITE; DELETE FROM read.products",
            "SELECT * FROM projections.checkpoints",
        })
        {
            await using var command = database.CreateCommand(attempt);
            var refused = await Assert.ThrowsAsync<PostgresException>(
                () => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
            Assert.Contains(refused.SqlState, new[] { "25006", "42501" });
        }
    }
}
