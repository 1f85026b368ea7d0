using CommandLog;
using Commerce.EventLog;
using EventStore;
using ServiceDefaults;
using Workflows.Fulfilment;
using Workflows.Payments;
using Workflows.Recovery;
using Workflows.Shipping;

namespace Workflows;

/// <summary>
/// The service: command handlers and the fulfilment saga on one endpoint, with health checks over HTTP.
/// </summary>
public static class WorkflowsApp
{
    private const string Database = "commerce";
    private const string Schema = "workflows";

    /// <summary>Messages handled at once. They mostly wait for PostgreSQL, so more than there are cores.</summary>
    private const int Concurrency = 20;

    /// <summary>
    /// Puts the service together; event store and command log are migrated before the endpoint starts.
    /// </summary>
    public static WebApplication Create(string[] args)
    {
        WebApplication? app = null;
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();
        builder.AddDatabase(Database, DatabaseExtensions.ForShortStatements);
        builder.Services.AddEventStore(CommerceEvents.Types(), Database);
        builder.Services.AddCommandLog(Database);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<CommandMetrics>();
        builder.Services.AddSingleton<CommandFlow>();
        builder.Services.AddSingleton<FailedCommands>();
        builder.Services.AddSingleton<IPaymentGateway, SimulatedPaymentGateway>();
        builder.Services.AddSingleton<ICarrier, SimulatedCarrier>();
        builder.Services.AddSingleton(
            builder.Configuration.GetSection("Fulfilment").Get<FulfilmentLimits>() ?? new FulfilmentLimits());

        builder.AddSchema(Database, Schema);
        builder.AddOutboxBacklog(Database, Schema, MessageMetadata.Endpoint);
        builder.AddCommerceEndpoint(MessageMetadata.Endpoint, endpoint =>
        {
            endpoint.UsePostgres(builder.Configuration.RequireConnectionString(Database), Schema);
            endpoint.LimitMessageProcessingConcurrencyTo(Concurrency);
            endpoint.Recoverability().Failed(failed => failed.OnMessageSentToErrorQueue((message, cancellationToken) =>
                app!.Services.GetRequiredService<FailedCommands>().Record(
                    message.MessageId, message.Headers, message.Body, message.Exception, cancellationToken)));
        });

        // Behind the endpoint: it sends.
        builder.Services.AddSingleton<OpenWork>();
        builder.Services.AddSingleton<UnfinishedWork>();
        builder.Services.AddHostedService<AfterRestore>();

        app = builder.Build();
        app.MapDefaultEndpoints();
        return app;
    }
}
