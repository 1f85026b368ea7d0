using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using RabbitMQ.Client;
using Servers;

namespace Messaging.Contract.Tests;

/// <summary>A database and a virtual host of a test's own, with the endpoints that it starts.</summary>
public sealed class Stage : IAsyncDisposable
{
    private readonly List<Actor> actors = [];
    private readonly Uri management;
    private IConnection? connection;

    private Stage(string broker, Uri management, string database) =>
        (Broker, this.management, Database) = (broker, management, database);

    public string Broker { get; }

    public string Database { get; }

    public Notes Notes { get; } = new();

    public static async Task<Stage> Set(TestServers servers)
    {
        var token = TestContext.Current.CancellationToken;
        var management = (await servers.RabbitMQ(token)).Endpoint("management");
        return new Stage(await servers.NewVirtualHost(token), management, await servers.NewDatabase(token));
    }

    /// <summary>Starts an endpoint with the handlers that <paramref name="configure"/> names.</summary>
    /// <param name="stored">With persistence and the outbox, in a schema of the endpoint's lower-case name.</param>
    /// <param name="outbox">False: persistence without the outbox.</param>
    public async Task<Actor> Start(
        string name,
        Action<EndpointConfiguration> configure,
        bool stored = false,
        bool outbox = true,
        Action<IServiceCollection>? services = null)
    {
        var endpoint = new EndpointConfiguration(name);
        endpoint.AssemblyScanner().Disable = true;
        endpoint.UseSerialization<SystemJsonSerializer>();
        endpoint.EnableInstallers();
        endpoint.SendFailedMessagesTo("error");
        var broker = new Uri(Broker);
        var login = broker.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString).ToArray();
        var routing = endpoint.UseTransport(
            new RabbitMQTransport(RoutingTopology.Conventional(QueueType.Quorum), Broker)
            {
                ManagementApiConfiguration = new ManagementApiConfiguration(management.ToString(), login[0], login[1]),
            });
        routing.RouteToEndpoint(typeof(PlaceOrder).Assembly, "Sales");
        routing.RouteToEndpoint(typeof(AskCarrier), "Carriers");
        routing.RouteToEndpoint(typeof(StartShipping), "Shipping");
        routing.RouteToEndpoint(typeof(PackParcel), "Shipping");
        endpoint.Recoverability().Delayed(delayed => delayed.NumberOfRetries(0));
        if (stored)
            await Store(endpoint, name.ToLowerInvariant(), outbox);
        configure(endpoint);

        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(Notes);
        services?.Invoke(builder.Services);
        builder.Services.AddNServiceBusEndpoint(endpoint);
        var actor = new Actor(builder.Build());
        actors.Add(actor);
        await actor.Host.StartAsync(TestContext.Current.CancellationToken);
        return actor;
    }

    /// <summary>Takes the next message out of a queue.</summary>
    public async Task<BasicGetResult> Take(string queue)
    {
        await using var channel = await Channel();
        BasicGetResult? message = null;
        await Poll.Until(
            async () => (message = await channel.BasicGetAsync(
                queue, autoAck: true, TestContext.Current.CancellationToken)) is not null,
            $"a message comes into '{queue}'");
        return message!;
    }

    public async Task<long> Waiting(string queue)
    {
        await using var channel = await Channel();
        return (await channel.QueueDeclarePassiveAsync(queue, TestContext.Current.CancellationToken)).MessageCount;
    }

    /// <summary>A queue with everything that comes to an exchange, which is created where it is missing.</summary>
    public async Task<string> Tap(string exchange)
    {
        await using var channel = await Channel();
        var token = TestContext.Current.CancellationToken;
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, cancellationToken: token);
        var queue = $"tap of {exchange}";
        await channel.QueueDeclareAsync(
            queue, durable: false, exclusive: false, autoDelete: false, cancellationToken: token);
        await channel.QueueBindAsync(queue, exchange, "", cancellationToken: token);
        return queue;
    }

    /// <summary>Puts a message of a plain AMQP client into an endpoint's queue.</summary>
    public async Task Put(string endpoint, BasicProperties properties, string body)
    {
        await using var channel = await Channel();
        await channel.BasicPublishAsync(
            endpoint, "", mandatory: true, properties, Encoding.UTF8.GetBytes(body),
            TestContext.Current.CancellationToken);
    }

    public async Task<T> Query<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var actor in actors)
            await actor.DisposeAsync();
        if (connection is not null)
            await connection.DisposeAsync();
        await using var pooled = new NpgsqlConnection(Database);
        NpgsqlConnection.ClearPool(pooled);
    }

    internal async Task<IChannel> Channel()
    {
        connection ??= await new ConnectionFactory { Uri = new Uri(Broker) }
            .CreateConnectionAsync(TestContext.Current.CancellationToken);
        return await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
    }

    private async Task Store(EndpointConfiguration endpoint, string schema, bool outbox)
    {
        await Execute($"create schema if not exists {schema}");
        var persistence = endpoint.UsePersistence<SqlPersistence>();
        var dialect = persistence.SqlDialect<SqlDialect.PostgreSql>();
        dialect.Schema(schema);
        dialect.JsonBParameterModifier(parameter => ((NpgsqlParameter)parameter).NpgsqlDbType = NpgsqlDbType.Jsonb);
        persistence.TablePrefix("");
        persistence.ConnectionBuilder(() => new NpgsqlConnection(Database));
        if (outbox)
            endpoint.EnableOutbox();
    }
}

/// <summary>A running endpoint.</summary>
public sealed class Actor(IHost host) : IAsyncDisposable
{
    public IHost Host => host;

    private IMessageSession Session => host.Services.GetRequiredService<IMessageSession>();

    public Task Send(object message, SendOptions? options = null) =>
        Session.Send(message, options ?? new SendOptions(), TestContext.Current.CancellationToken);

    public Task SendLocal(object message) => Session.SendLocal(message, TestContext.Current.CancellationToken);

    public Task Publish(object message, PublishOptions? options = null) =>
        Session.Publish(message, options ?? new PublishOptions(), TestContext.Current.CancellationToken);

    public Task Subscribe<T>() => Session.Subscribe<T>(TestContext.Current.CancellationToken);

    public Task Unsubscribe<T>() => Session.Unsubscribe<T>(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await host.StopAsync(limit.Token);
        await ((IAsyncDisposable)host).DisposeAsync();
    }
}
