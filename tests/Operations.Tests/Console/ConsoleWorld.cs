using System.Diagnostics;
using Commerce.Contracts;
using Commerce.Contracts.Catalog;
using Commerce.Contracts.Ordering;
using Commerce.EventLog;
using EventStore;
using Microsoft.Playwright;
using Npgsql;
using Servers;

namespace Operations.Tests.Console;

[CollectionDefinition(nameof(ConsoleWorld))]
public sealed class ConsoleCollection : ICollectionFixture<ConsoleWorld>;

/// <summary>
/// Operations with an event log, the projections of PostgreSQL in a process of their own, and a browser: one for all
/// tests of the page, which run one after the other.
/// </summary>
public sealed class ConsoleWorld(TestServers servers) : IAsyncLifetime
{
    public const string Tenant = "demo";
    public const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    private readonly List<IAsyncDisposable> held = [];
    private Process? projections;
    private IPlaywright? playwright;
    private PostgresEventStore? log;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public TestServers Servers => servers;

    public string ReadModelsConnection { get; private set; } = "";

    public NpgsqlDataSource ReadModels { get; private set; } = null!;

    public IBrowser Browser { get; private set; } = null!;

    internal RunningOperations Operations { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        ReadModelsConnection = await servers.NewDatabase(Cancellation);
        ReadModels = NpgsqlDataSource.Create(ReadModelsConnection);
        Operations = await RunningOperations.Start(
            servers, $"--ConnectionStrings:readmodels={ReadModelsConnection}",
            "--Operations:DashboardUrl=http://dashboard.example", "--Operations:ServicePulseUrl=http://pulse.example");
        var commerce = NpgsqlDataSource.Create(Operations.Database);
        log = new PostgresEventStore(commerce, CommerceEvents.Types());
        await log.Migrate(Cancellation);
        held.AddRange([Operations, ReadModels, log, commerce]);
        await Append(
            new Tagged(
                new ProductRegistered(Tenant, "85123A", "Lantern", null, null, "Lighting", Pounds(2.55m)),
                ["sku:85123A"]),
            new ProductRegistered(Tenant, "71053", "White metal lantern", null, null, "Lighting", Pounds(3.39m)));
        projections = StartProjections((await servers.RabbitMQ(Cancellation)).Endpoint("management"));
        playwright = await Playwright.CreateAsync();
        Browser = await Chromium.Launch(playwright);
    }

    /// <summary>Appends each event to the stream of its entity.</summary>
    /// <returns>The position of the last.</returns>
    public async Task<long> Append(params object[] events)
    {
        var result = await log!.Append(
            new AppendRequest(
                [
                    .. events.GroupBy(StreamOf)
                        .Select(stream => new StreamAppend(stream.Key, ExpectedVersion.Any, [.. stream])),
                ],
                new EventMetadata(
                    Guid.CreateVersion7(), Tenant, DateTimeOffset.UtcNow,
                    TraceParent: $"00-{Trace}-00f067aa0ba902b7-01")),
            Cancellation);
        return Assert.IsType<Appended>(result).Positions.Max();
    }

    /// <summary>An order with one line.</summary>
    public static OrderPlaced Placed(Guid order, string customer = "17850") => new(
        Tenant, order, customer, [new OrderLine("85123A", "Lantern", "Lighting", 6, Pounds(2.55m))], Pounds(15.30m),
        new ShippingAddress("Ada Lovelace", "12 St James's Square", null, "London", "SW1Y 4LE", "United Kingdom"),
        "tok_ok");

    public async Task Execute(string sql)
    {
        await using var command = ReadModels.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
            await Browser.CloseAsync();
        playwright?.Dispose();
        if (projections is not null)
        {
            projections.Kill();
            await projections.WaitForExitAsync(CancellationToken.None);
            projections.Dispose();
        }

        foreach (var one in held)
            await one.DisposeAsync();
    }

    private static Money Pounds(decimal amount) => new(amount, "GBP");

    private static string StreamOf(object @event) => @event switch
    {
        Tagged tagged => StreamOf(tagged.Event),
        ProductRegistered product => CommerceStreams.Product(product.Tenant, product.Sku),
        OrderPlaced order => CommerceStreams.Order(order.Tenant, order.OrderId),
        OrderConfirmed order => CommerceStreams.Order(order.Tenant, order.OrderId),
        _ => throw new ArgumentException($"Say here which stream {@event.GetType().Name} belongs to."),
    };

    private Process StartProjections(Uri management)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Projections.dll");
        var start = new ProcessStartInfo("dotnet", [program, "--store", "postgres"])
        {
            Environment =
            {
                ["ConnectionStrings__commerce"] = Operations.Database,
                ["ConnectionStrings__readmodels"] = ReadModelsConnection,
                ["ConnectionStrings__rabbitmq"] = Operations.Broker,
                ["services__rabbitmq__management__0"] = management.AbsoluteUri,
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "",
                ["Logging__LogLevel__Default"] = "Warning",
            },
        };
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }
}
