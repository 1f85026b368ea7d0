using Microsoft.Extensions.Configuration;

// The whole system on one page: its servers, its services, and who needs whom.
Console.WriteLine($"AspireCqrs, {Edition.Name} edition");
var builder = DistributedApplication.CreateBuilder(args);

// Servers, with data that is kept between runs.
var postgres = builder.AddPostgres("postgres").WithDataVolume();
var commerce = postgres.AddDatabase("commerce");
var readModels = postgres.AddDatabase("readmodels");
var rabbitmq = builder.AddRabbitMQ("rabbitmq").WithManagementPlugin().WithDataVolume();
var redis = builder.AddRedis("redis").WithDataVolume();
var elasticsearch = builder.AddElasticsearch("elasticsearch").WithDataVolume();

// Where they are, for cqrs and other tools in a shell: dotnet run --project AppHost -- --CONNECTIONS_FILE=FILE
if (builder.Configuration["CONNECTIONS_FILE"] is { Length: > 0 } file)
{
    builder.AddProject<Projects.Cli>("connections")
        .WithArgs("connections", "--to", Path.GetFullPath(file))
        .WithReference(commerce).WaitFor(commerce)
        .WithReference(readModels).WaitFor(readModels)
        .WithReference(rabbitmq).WaitFor(rabbitmq)
        .WithEnvironment("services__rabbitmq__management__0", rabbitmq.GetEndpoint("management"))
        .WithReference(redis).WaitFor(redis)
        .WithReference(elasticsearch).WaitFor(elasticsearch);
}

// Nothing but the servers, to restore them: dotnet run --project AppHost -- --servers-only
if (args.Contains("--servers-only"))
{
    builder.Build().Run();
    return;
}

// For operators: failed messages are collected, seen in ServicePulse and retried; servers and services are watched.
var operations = builder.AddServicePlatform(rabbitmq, commerce, readModels, redis, elasticsearch);

// Which endpoints send copies of what they have handled to the operators' tools: --Audit=workflows, all or none.
var audit = builder.Configuration.GetValue("Audit", "workflows");

// Write side: the API sends commands to the broker, the workflows handle them and store events in the event log.
var commandApi = WithHttp(builder.AddProject<Projects.CommandApi>("command-api"), port: 5100)
    .WithExternalHttpEndpoints()
    .WithReference(commerce).WaitFor(commerce);
WithBroker(commandApi, handles: false);

var workflows = WithHttp(builder.AddProject<Projects.Workflows>("workflows"))
    .WithReplicas(builder.Configuration.GetValue("Replicas:workflows", 1))
    .WithReference(commerce).WaitFor(commerce);
WithBroker(workflows, audited: audit is "workflows" or "all");

// Read side: one endpoint per store follows the event log and keeps the read models; the query API serves them.
var intoPostgres = AddProjections("projections-postgres", store: "postgres");
var intoRedis = AddProjections("projections-redis", store: "redis").WithReference(redis).WaitFor(redis);
var intoSearch = AddProjections("projections-search", store: "search").WithReference(elasticsearch).WaitFor(elasticsearch);

var queryApi = WithHttp(builder.AddProject<Projects.QueryApi>("query-api"), port: 5200)
    .WithExternalHttpEndpoints()
    .WithReference(readModels).WaitFor(readModels)
    .WithReference(commerce)
    .WithReference(redis).WaitFor(redis)
    .WithReference(elasticsearch).WaitFor(elasticsearch)
    .WaitFor(intoPostgres).WaitFor(intoRedis).WaitFor(intoSearch);

// A customer who places an order every few seconds: dotnet run --project AppHost -- --demo
if (args.Contains("--demo"))
{
    builder.AddProject<Projects.Cli>("demo-shopper")
        .WithArgs("shop")
        .WithReference(commandApi).WaitFor(commandApi)
        .WithReference(queryApi).WaitFor(queryApi)
        .WaitFor(workflows);
}

builder.Build().Run();

IResourceBuilder<ProjectResource> AddProjections(string name, string store)
{
    var projections = WithHttp(builder.AddProject<Projects.Projections>(name))
        .WithArgs("--store", store)
        .WithReference(commerce).WaitFor(commerce)
        .WithReference(readModels).WaitFor(readModels);
    return WithBroker(projections, audited: audit == "all");
}

// Healthy when /health says so; the port can be set with --Ports:NAME=PORT. Reports figures to those who watch.
IResourceBuilder<ProjectResource> WithHttp(IResourceBuilder<ProjectResource> project, int? port = null)
{
    if (operations is not null)
        project.WithReference(operations);
    return project
        .WithHttpEndpoint(port: builder.Configuration.GetValue($"Ports:{project.Resource.Name}", port))
        .WithHttpHealthCheck("/health");
}

// Endpoints talk to the broker, and to its management API for what AMQP cannot ask. They tell the operators' tools that
// they are alive and, if they handle messages, how they do, and which.
IResourceBuilder<ProjectResource> WithBroker(
    IResourceBuilder<ProjectResource> project, bool handles = true, bool audited = false) => project
    .WithReference(rabbitmq).WaitFor(rabbitmq)
    .WithEnvironment("services__rabbitmq__management__0", rabbitmq.GetEndpoint("management"))
    .WithEnvironment("Messaging__HeartbeatQueue", "Particular.ServiceControl")
    .WithEnvironment("Messaging__MetricsQueue", handles ? "Particular.Monitoring" : "")
    .WithEnvironment("Messaging__AuditQueue", audited ? "audit" : "");
