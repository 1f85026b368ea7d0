using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Servers;

namespace Operations.Tests;

/// <summary>What the tests' endpoint handles: fails as long as the number is among the broken ones.</summary>
public sealed record PackParcel(int Number) : ICommand;

/// <summary>What the handler did.</summary>
public sealed class Warehouse
{
    public ConcurrentDictionary<int, bool> Broken { get; } = new();

    public ConcurrentBag<int> Packed { get; } = [];
}

public sealed class PacksParcels(Warehouse warehouse) : IHandleMessages<PackParcel>
{
    public Task Handle(PackParcel message, IMessageHandlerContext context)
    {
        if (warehouse.Broken.ContainsKey(message.Number))
            throw new InvalidOperationException($"Parcel {message.Number} does not fit.");
        warehouse.Packed.Add(message.Number);
        return Task.CompletedTask;
    }
}

/// <summary>Starts a shipment, which packs a parcel and waits for its arrival.</summary>
public sealed record ShipParcel(Guid Shipment, int Number) : ICommand;

public sealed record ShipmentArrived(Guid Shipment) : ICommand;

public sealed record ShipmentIsLate(Guid Shipment) : IMessage;

public sealed class ShipmentData : ContainSagaData
{
    public Guid Shipment { get; set; }

    public string Step { get; set; } = "";
}

public sealed class ShipmentSaga
    : Saga<ShipmentData>, IAmStartedByMessages<ShipParcel>, IHandleMessages<ShipmentArrived>,
        IHandleTimeouts<ShipmentIsLate>
{
    public async Task Handle(ShipParcel message, IMessageHandlerContext context)
    {
        Data.Step = "packing";
        await context.SendLocal(new PackParcel(message.Number));
        await RequestTimeout(context, TimeSpan.FromMinutes(15), new ShipmentIsLate(message.Shipment));
    }

    public Task Handle(ShipmentArrived message, IMessageHandlerContext context)
    {
        Data.Step = "arrived";
        MarkAsComplete();
        return Task.CompletedTask;
    }

    public Task Timeout(ShipmentIsLate state, IMessageHandlerContext context) => Task.CompletedTask;

    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<ShipmentData> mapper) =>
        mapper.MapSaga(saga => saga.Shipment)
            .ToMessage<ShipParcel>(message => message.Shipment)
            .ToMessage<ShipmentArrived>(message => message.Shipment);
}

/// <summary>
/// Operations and an endpoint whose handler can be broken, on a database and a virtual host of their own.
/// </summary>
internal sealed class RunningOperations : IAsyncDisposable
{
    private readonly string[] args;
    private WebApplication service;
    private readonly Func<IHost> newEndpoint;
    private IHost endpoint;

    private RunningOperations(string[] args, WebApplication service, Func<IHost> newEndpoint)
    {
        (this.args, this.service, this.newEndpoint) = (args, service, newEndpoint);
        endpoint = newEndpoint();
        Client = ClientOf(service);
    }

    public const string EndpointName = "Tests.Shipping";

    public HttpClient Client { get; private set; }

    public Uri Address => new(service.Urls.Single());

    public Warehouse Warehouse => endpoint.Services.GetRequiredService<Warehouse>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The connection string of the database <c>commerce</c>.</summary>
    public required string Database { get; init; }

    /// <summary>The address of the virtual host.</summary>
    public required string Broker { get; init; }

    /// <param name="settings">Further arguments, such as <c>--Operations:AllowEditing=false</c>.</param>
    public static async Task<RunningOperations> Start(TestServers servers, params string[] settings)
    {
        var broker = await servers.NewVirtualHost(Cancellation);
        var database = await servers.NewDatabase(Cancellation);
        string[] args =
        [
            $"--ConnectionStrings:commerce={database}", $"--ConnectionStrings:rabbitmq={broker}",
            "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning", "--environment=Development",
            "--Operations:HeartbeatGracePeriod=0:00:06", .. settings,
        ];
        var service = OperationsService.Create(args);
        await service.StartAsync(Cancellation);
        var running = new RunningOperations(args, service, () => Endpoint(broker, database))
        {
            Database = database, Broker = broker,
        };
        await running.endpoint.StartAsync(Cancellation);
        return running;
    }

    /// <summary>Sends any message to the endpoint.</summary>
    public Task Send(ICommand command) =>
        endpoint.Services.GetRequiredService<IMessageSession>().SendLocal(command, Cancellation);

    public async Task StopEndpoint()
    {
        await endpoint.StopAsync(Cancellation);
        endpoint.Dispose();
    }

    /// <summary>Anew, with an empty warehouse.</summary>
    public async Task StartEndpoint()
    {
        endpoint = newEndpoint();
        await endpoint.StartAsync(Cancellation);
    }

    /// <summary>Sends parcels to the endpoint.</summary>
    public async Task Send(params int[] numbers)
    {
        var session = endpoint.Services.GetRequiredService<IMessageSession>();
        foreach (var number in numbers)
            await session.SendLocal(new PackParcel(number), Cancellation);
    }

    public async Task Restart()
    {
        await service.StopAsync(Cancellation);
        await service.DisposeAsync();
        Client.Dispose();
        service = OperationsService.Create(args);
        await service.StartAsync(Cancellation);
        Client = ClientOf(service);
    }

    public async Task<JsonElement> Get(string path)
    {
        using var response = await Client.GetAsync(path, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        return await Client.SendAsync(request, Cancellation);
    }

    /// <summary>Sends and expects 202.</summary>
    public async Task Accept(HttpMethod method, string path, object? body = null)
    {
        using var response = await Send(method, path, body);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
    }

    /// <summary>The messages of a status, once there are so many.</summary>
    public async Task<JsonElement[]> Messages(string status, int count)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            var list = await Get($"errors?status={status}&page=1&per_page=50&sort=time_of_failure&direction=desc");
            if (list.GetArrayLength() == count)
                return [.. list.EnumerateArray()];
            await Task.Delay(100, Cancellation);
        }

        throw new TimeoutException($"There never were {count} messages that are {status}.");
    }

    /// <summary>All messages, the last that was sent first, once there are so many.</summary>
    public async Task<JsonElement[]> Handled(int count)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            var list = await Get("messages2/?endpoint_name=&from=&to=&q=&page_size=100&sort=time_sent&direction=desc");
            if (list.GetArrayLength() == count)
                return [.. list.EnumerateArray()];
            await Task.Delay(100, Cancellation);
        }

        throw new TimeoutException($"There never were {count} messages.");
    }

    /// <summary>A number that the database has.</summary>
    public async Task<long> Count(string sql)
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation) is long count ? count : 0;
    }

    /// <summary>Runs a statement.</summary>
    public async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await endpoint.StopAsync(CancellationToken.None);
        endpoint.Dispose();
        await service.DisposeAsync();
    }

    private static HttpClient ClientOf(WebApplication service) =>
        new() { BaseAddress = new Uri(service.Urls.Single() + "/api/"), Timeout = TimeSpan.FromMinutes(1) };

    private static IHost Endpoint(string broker, string database)
    {
        var configuration = new EndpointConfiguration(EndpointName);
        configuration.UseSerialization<SystemJsonSerializer>();
        configuration.EnableInstallers();
        configuration.SendFailedMessagesTo("error");
        configuration.AuditProcessedMessagesTo("audit");
        configuration.AuditSagaStateChanges("audit");
        configuration.EnableOutbox();
        configuration.SendHeartbeatTo("Particular.ServiceControl", TimeSpan.FromSeconds(1));
        configuration.EnableMetrics().SendMetricDataToServiceControl("Particular.Monitoring", TimeSpan.FromSeconds(1));
        configuration.Recoverability().Immediate(i => i.NumberOfRetries(0)).Delayed(d => d.NumberOfRetries(0));
        configuration.UseTransport(new RabbitMQTransport(RoutingTopology.Conventional(QueueType.Quorum), broker));
        var persistence = configuration.UsePersistence<SqlPersistence>();
        persistence.ConnectionBuilder(() => new NpgsqlConnection(database));
        persistence.SqlDialect<SqlDialect.PostgreSql>();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Warehouse>();
        builder.Services.AddNServiceBusEndpoint(configuration);
        return builder.Build();
    }
}
