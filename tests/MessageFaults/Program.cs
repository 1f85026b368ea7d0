using EventStore;
using MessageFaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using ServiceDefaults;

// The worker: an endpoint as the services have it, told by its arguments where to die.
var builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var failPoint = new FailPoint(
    builder.Configuration.GetValue<Step>("KillAt"), builder.Configuration.GetValue("KillAfter", 1));
builder.Services.AddSingleton(failPoint);
builder.AddDatabase("commerce");
builder.Services.AddEventStore(Workload.Types);
builder.AddSchema("commerce", "worker");
builder.AddCommerceEndpoint(WorkerProcess.Endpoint, endpoint =>
{
    var commerce = builder.Configuration.RequireConnectionString("commerce");
    endpoint.UsePostgres(commerce, "worker");
    endpoint.LimitMessageProcessingConcurrencyTo(8);
    var persistence = endpoint.UsePersistence<SqlPersistence>();
    persistence.TablePrefix("");
    persistence.ConnectionBuilder(() =>
    {
        failPoint.Hit(Step.Delivered);
        return new NpgsqlConnection(commerce);
    });
});
var app = builder.Build();
await app.StartAsync();
Console.WriteLine(WorkerProcess.Ready);
await app.WaitForShutdownAsync();
