using Commerce.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;
using NpgsqlTypes;
using ServiceDefaults.Health;
using ServiceDefaults.Messaging;

namespace ServiceDefaults;

/// <summary>Message endpoints, configured alike in every service.</summary>
public static class CommerceEndpointExtensions
{
    private const string Workflows = "Commerce.Workflows";
    private const string Broker = "rabbitmq";

    private static readonly TimeSpan MetricsInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Hosts the endpoint <paramref name="name"/> on the broker of the connection string <c>rabbitmq</c>: quorum
    /// queues, JSON, failed messages to <c>error</c> after immediate and delayed retries, commands to their one handler
    /// endpoint, installers on; processed messages, and what sagas make of them, also go to the queue that
    /// <c>Messaging:AuditQueue</c> names.
    /// Operators' tools get heartbeats in the queue <c>Messaging:HeartbeatQueue</c> and, unless the endpoint only
    /// sends, measures in the queue <c>Messaging:MetricsQueue</c>, where these are set. A handler that has not returned
    /// after <c>Messaging:HandlerTimeLimit</c> (five minutes) has failed.
    /// </summary>
    /// <param name="configure">What this endpoint has beyond the others, such as <see cref="UsePostgres"/>.</param>
    /// <exception cref="InvalidOperationException">The connection string is missing.</exception>
    public static TBuilder AddCommerceEndpoint<TBuilder>(
        this TBuilder builder, string name, Action<EndpointConfiguration>? configure = null)
        where TBuilder : IHostApplicationBuilder
    {
        var endpoint = new EndpointConfiguration(name);
        endpoint.UseSerialization<SystemJsonSerializer>();
        endpoint.EnableInstallers();
        endpoint.SendFailedMessagesTo("error");
        if (builder.Configuration["Messaging:AuditQueue"] is { Length: > 0 } audit)
        {
            endpoint.AuditProcessedMessagesTo(audit);
            endpoint.AuditSagaStateChanges(audit, SagaState.Of);
        }

        endpoint.Conventions()
            .DefiningCommandsAs(type => typeof(ICommerceCommand).IsAssignableFrom(type))
            .DefiningEventsAs(type => typeof(ICommerceEvent).IsAssignableFrom(type) || type == typeof(LogAdvanced))
            .DefiningMessagesAs(type => typeof(ICommerceMessage).IsAssignableFrom(type));
        endpoint.Recoverability()
            .Immediate(immediate => immediate.NumberOfRetries(5))
            .Delayed(delayed => delayed.NumberOfRetries(3).TimeIncrease(TimeSpan.FromSeconds(5)))
            .CustomPolicy(StoreOutages.Outlast);

        endpoint.Pipeline.Register(
            new HandlerTimeLimit(
                builder.Configuration.GetValue("Messaging:HandlerTimeLimit", HandlerTimeLimit.Default)),
            "Fails a message whose handler does not return.");
        endpoint.UseTransport(Transport(builder.Configuration))
            .RouteToEndpoint(typeof(ICommerceCommand).Assembly, Workflows);
        if (builder.Configuration["Messaging:HeartbeatQueue"] is { Length: > 0 } heartbeats)
            endpoint.SendHeartbeatTo(heartbeats);
        if (builder.Configuration["Messaging:MetricsQueue"] is { Length: > 0 } metrics)
            endpoint.EnableMetrics().SendMetricDataToServiceControl(metrics, MetricsInterval);
        configure?.Invoke(endpoint);
        builder.Services.AddNServiceBusEndpoint(endpoint);
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            Broker,
            new BrokerCheck(new Uri(builder.Configuration.RequireConnectionString(Broker))),
            failureStatus: null,
            tags: null,
            timeout: TimeSpan.FromSeconds(3)));
        return builder;
    }

    /// <summary>
    /// Keeps sagas and outbox in PostgreSQL: what a handler writes there, saga data and outgoing messages commit
    /// together, and a message delivered twice has one effect.
    /// </summary>
    /// <param name="schema">The endpoint's own schema; it has to exist (see <see cref="AddSchema"/>).</param>
    public static void UsePostgres(this EndpointConfiguration endpoint, string connectionString, string schema)
    {
        var persistence = endpoint.UsePersistence<SqlPersistence>();
        var dialect = persistence.SqlDialect<SqlDialect.PostgreSql>();
        dialect.Schema(schema);
        dialect.JsonBParameterModifier(parameter => ((NpgsqlParameter)parameter).NpgsqlDbType = NpgsqlDbType.Jsonb);
        var pooled = new NpgsqlConnectionStringBuilder(connectionString);
        // No handler sets session state, and every transaction is ended.
        DatabaseExtensions.ForShortStatements(pooled);
        var text = pooled.ConnectionString;
        persistence.ConnectionBuilder(() => new NpgsqlConnection(text));
        endpoint.EnableOutbox();
    }

    /// <summary>Creates the schema in the database of this connection string before any endpoint starts.</summary>
    public static TBuilder AddSchema<TBuilder>(this TBuilder builder, string database, string schema)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddHostedService(services =>
            new SchemaInstaller(services.GetRequiredKeyedService<NpgsqlDataSource>(database), schema));
        return builder;
    }

    /// <summary>
    /// Measures the outbox of the endpoint <paramref name="endpointName"/> that keeps it in this database and schema.
    /// </summary>
    public static TBuilder AddOutboxBacklog<TBuilder>(
        this TBuilder builder, string database, string schema, string endpointName)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<OutboxBacklog>(
            services, services.GetRequiredKeyedService<NpgsqlDataSource>(database), schema, endpointName));
        return builder;
    }

    private static RabbitMQTransport Transport(IConfiguration configuration)
    {
        var broker = new Uri(configuration.RequireConnectionString(Broker));
        var transport = new RabbitMQTransport(
            RoutingTopology.Conventional(QueueType.Quorum), broker.AbsoluteUri);
        if (configuration["services:rabbitmq:management:0"] is { Length: > 0 } management)
        {
            var credentials = broker.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString).ToArray();
            transport.ManagementApiConfiguration = credentials is [var user, var password]
                ? new ManagementApiConfiguration(management, user, password)
                : new ManagementApiConfiguration(management);
        }

        return transport;
    }
}
