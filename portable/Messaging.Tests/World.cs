using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using RabbitMQ.Client;
using Servers;

namespace Portable.Messaging.Tests;

/// <summary>A broker and a database of a test's own, and the endpoints that run on them.</summary>
public sealed class World : IAsyncDisposable
{
    private readonly List<RunningEndpoint> endpoints = [];
    private IConnection? connection;

    private World(string broker, string database) => (Broker, Database) = (broker, database);

    public string Broker { get; }

    public string Database { get; }

    /// <summary>What handlers noted.</summary>
    public Recorder Recorder { get; } = new();

    public static async Task<World> Create(TestServers servers) => new(
        await servers.NewVirtualHost(TestContext.Current.CancellationToken),
        await servers.NewDatabase(TestContext.Current.CancellationToken));

    /// <summary>The same world with another way to its broker.</summary>
    public World Through(Relay relay) => new(relay.Address, Database);

    /// <summary>An endpoint that runs; with sagas or <paramref name="outbox"/> it has a persistence.</summary>
    public async Task<RunningEndpoint> Start(
        string name,
        Action<EndpointConfiguration> configure,
        bool outbox = false,
        bool start = true,
        Action<IServiceCollection>? services = null,
        bool installers = true)
    {
        var configuration = new EndpointConfiguration(name);
        configuration.AssemblyScanner().Disable = true;
        configuration.UseSerialization<SystemJsonSerializer>();
        if (installers)
        {
            configuration.EnableInstallers();
        }

        var routes = configuration.UseTransport(
            new RabbitMQTransport(RoutingTopology.Conventional(QueueType.Quorum), Broker));
        routes.RouteToEndpoint(typeof(PlaceOrder), "Sales");
        routes.RouteToEndpoint(typeof(PlaceOrder).Assembly, "Shipping");
        configuration.Recoverability().Delayed(d => d.NumberOfRetries(0));
        if (outbox)
        {
            configuration.EnableOutbox();
            var persistence = configuration.UsePersistence<SqlPersistence>();
            persistence.ConnectionBuilder(() => new NpgsqlConnection(Database));
            persistence.SqlDialect<SqlDialect.PostgreSql>().Schema(Schema(name));
            persistence.TablePrefix("");
        }

        configure(configuration);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(Recorder);
        builder.Services.AddSingleton(this);
        services?.Invoke(builder.Services);
        builder.Services.AddNServiceBusEndpoint(configuration);
        var endpoint = new RunningEndpoint(builder.Build());
        endpoints.Add(endpoint);
        if (start)
        {
            await endpoint.Host.StartAsync(TestContext.Current.CancellationToken);
        }

        return endpoint;
    }

    public static string Schema(string endpoint) => endpoint.ToLowerInvariant();

    /// <summary>A channel of the test's own on the same broker.</summary>
    public async Task<IChannel> Channel()
    {
        connection ??= await new ConnectionFactory { Uri = new Uri(Broker) }
            .CreateConnectionAsync(TestContext.Current.CancellationToken);
        return await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Takes the next message off a queue, as a plain AMQP client sees it.</summary>
    public async Task<BasicGetResult> Take(string queue)
    {
        await using var channel = await Channel();
        for (var tries = 0; tries < 600; tries++)
        {
            if (await channel.BasicGetAsync(queue, autoAck: true, TestContext.Current.CancellationToken) is { } message)
            {
                return message;
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"No message came into '{queue}'.");
    }

    /// <summary>The headers of a message that are texts.</summary>
    public static Dictionary<string, string> Texts(BasicGetResult message) =>
        message.BasicProperties.Headers!
            .Where(h => h.Value is byte[])
            .ToDictionary(h => h.Key, h => Encoding.UTF8.GetString((byte[])h.Value!));

    /// <summary>A queue that gets what an exchange passes on.</summary>
    public async Task<string> Tap(string exchange)
    {
        await using var channel = await Channel();
        var queue = $"tap-{exchange}";
        await channel.QueueDeclareAsync(
            queue, durable: false, exclusive: false, autoDelete: false,
            cancellationToken: TestContext.Current.CancellationToken);
        await channel.QueueBindAsync(queue, exchange, "", cancellationToken: TestContext.Current.CancellationToken);
        return queue;
    }

    public async Task<T> Query<T>(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Database);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public async Task Execute(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Database);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Polls until the condition holds.</summary>
    public static async Task Until(Func<Task<bool>> condition, string what)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"It did not come to pass: {what}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var endpoint in endpoints)
        {
            await endpoint.DisposeAsync();
        }

        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        await using var pooled = new NpgsqlConnection(Database);
        NpgsqlConnection.ClearPool(pooled);
    }
}

/// <summary>A host with one endpoint.</summary>
public sealed class RunningEndpoint(IHost host) : IAsyncDisposable
{
    public IHost Host => host;

    public IMessageSession Session => host.Services.GetRequiredService<IMessageSession>();

    /// <summary>Stops in good order.</summary>
    public Task Stop() => host.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await host.StopAsync(limit.Token);
        await ((IAsyncDisposable)host).DisposeAsync();
    }
}
