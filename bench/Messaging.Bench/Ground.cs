using EventStore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using RabbitMQ.Client;
using Servers;

namespace Messaging.Bench;

/// <summary>Private servers, and the endpoints that run on them.</summary>
internal sealed class Ground : IAsyncDisposable
{
    private readonly TestServers servers = new();

    private Ground()
    {
    }

    public required string Broker { get; init; }

    public required string Database { get; init; }

    public required Uri Management { get; init; }

    public required NpgsqlDataSource Source { get; init; }

    public required PostgresEventStore Store { get; init; }

    public required IConnection Connection { get; init; }

    public static async Task<Ground> Create()
    {
        var servers = new TestServers();
        Console.Error.WriteLine("Starting PostgreSQL and RabbitMQ …");
        var database = await servers.NewDatabase(CancellationToken.None) + ";Maximum Pool Size=100;No Reset On Close=true";
        var broker = await servers.RabbitMQ(CancellationToken.None);
        var source = NpgsqlDataSource.Create(database);
        var store = new PostgresEventStore(source, new EventTypes().Map<OrderPlaced>("order-placed"));
        await store.Migrate();
        return new Ground
        {
            Broker = broker.ConnectionString,
            Database = database,
            Management = broker.Endpoint("management"),
            Source = source,
            Store = store,
            Connection = await new ConnectionFactory { Uri = new Uri(broker.ConnectionString) }.CreateConnectionAsync(),
            Owned = servers,
        };
    }

    private TestServers Owned
    {
        init => servers = value;
    }

    /// <summary>An endpoint that has started. With <paramref name="schema"/> it has the SQL persistence and the
    /// outbox.</summary>
    public async Task<IHost> Start(
        string name, int concurrency, string? schema, Progress progress, params Type[] handlers)
    {
        var endpoint = new EndpointConfiguration(name);
        endpoint.AssemblyScanner().ExcludeTypes([.. Work.Handlers.Except(handlers)]);
        endpoint.UseSerialization<SystemJsonSerializer>();
        endpoint.EnableInstallers();
        endpoint.SendFailedMessagesTo("error");
        endpoint.LimitMessageProcessingConcurrencyTo(concurrency);
        var credentials = new Uri(Broker).UserInfo.Split(':', 2).Select(Uri.UnescapeDataString).ToArray();
        endpoint.UseTransport(new RabbitMQTransport(RoutingTopology.Conventional(QueueType.Quorum), Broker)
        {
            ManagementApiConfiguration =
                new ManagementApiConfiguration(Management.AbsoluteUri, credentials[0], credentials[1]),
        }).RouteToEndpoint(typeof(PlaceOrder).Assembly, name);
        if (handlers.Length == 0)
        {
            endpoint.SendOnly();
        }

        if (schema is not null)
        {
            await using var create = Source.CreateCommand($"create schema if not exists \"{schema}\"");
            await create.ExecuteNonQueryAsync();
            var persistence = endpoint.UsePersistence<SqlPersistence>();
            var dialect = persistence.SqlDialect<SqlDialect.PostgreSql>();
            dialect.Schema(schema);
            dialect.JsonBParameterModifier(parameter => ((NpgsqlParameter)parameter).NpgsqlDbType = NpgsqlDbType.Jsonb);
            persistence.ConnectionBuilder(() => new NpgsqlConnection(Database));
            persistence.TablePrefix("");
            endpoint.EnableOutbox();
        }

        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton<IEventStore>(Store);
        builder.Services.AddSingleton(progress);
        builder.Services.AddNServiceBusEndpoint(endpoint);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>Fills a queue with orders, as fast as the broker confirms them.</summary>
    public async Task Fill(string queue, int count)
    {
        await using var channel = await Connection.CreateChannelAsync(new CreateChannelOptions(
            publisherConfirmationsEnabled: false, publisherConfirmationTrackingEnabled: false));
        for (var i = 0; i < count; i++)
        {
            var (properties, body) = Work.Order(queue, i);
            await channel.BasicPublishAsync(queue, "", mandatory: true, properties, body);
        }

        for (var waited = 0; await channel.MessageCountAsync(queue) < count && waited < 600; waited++)
        {
            await Task.Delay(100);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await Store.DisposeAsync();
        await Source.DisposeAsync();
        await servers.DisposeAsync();
    }
}
