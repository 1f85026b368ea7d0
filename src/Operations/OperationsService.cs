using Operations.Actions;
using Operations.Alerts;
using Operations.Archiving;
using Operations.Auditing;
using Operations.Broker;
using Operations.Bulk;
using Operations.Console;
using Operations.CustomChecks;
using Operations.Editing;
using Operations.EventLog;
using Operations.FailedMessages;
using Operations.Groups;
using Operations.Heartbeats;
using Operations.Http;
using Operations.Intake;
using Operations.Messages;
using Operations.Monitoring;
using Operations.Platform;
using Operations.Redirects;
using Operations.Security;
using Operations.Site;
using Operations.Storage;
using ServiceDefaults;

namespace Operations;

/// <summary>
/// Collects failed messages from the broker and lets operators see, retry, edit and archive them, over the HTTP API of
/// ServiceControl that ServicePulse speaks.
/// </summary>
internal static class OperationsService
{
    /// <summary>The connection string of the database whose schema <c>operations</c> it keeps.</summary>
    public const string Database = "commerce";

    /// <summary>Puts the service together; running it is the caller's.</summary>
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();
        builder.AddDatabase(Database);
        var settings = builder.Configuration.GetSection(OperationsSettings.Section).Get<OperationsSettings>() ?? new();
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(new BrokerAddress(builder.Configuration.RequireConnectionString("rabbitmq")));
        builder.AddServicePulseApi();
        builder.AddSignOn(settings);

        builder.Services.AddHostedService<MigrateOnStart>();
        builder.Services.AddSingleton<FailureStore>();
        builder.Services.AddHostedService<ErrorQueue>();
        builder.Services.AddSingleton<AuditDays>();
        builder.Services.AddSingleton<AuditStore>();
        if (settings.Audit)
            builder.Services.AddHostedService<AuditQueue>();
        builder.Services.AddSingleton<FailedMessageReader>();
        builder.Services.AddSingleton<MessageReader>();
        builder.Services.AddSingleton<FailedMessageGroups>();
        builder.Services.AddSingleton<EventLogStore>();
        builder.Services.AddSingleton<ActionLog>();
        builder.Services.AddSingleton<PastActions>();
        builder.Services.AddHostedService(services => services.GetRequiredService<PastActions>());
        builder.Services.AddSingleton<RedirectStore>();
        builder.Services.AddSingleton<Archive>();
        builder.Services.AddSingleton<MessageEditor>();
        builder.Services.AddSingleton<Forwarder>();
        builder.Services.AddSingleton<BulkOperations>();
        builder.Services.AddSingleton<RetryRun>();
        builder.Services.AddSingleton<ArchiveRun>();
        builder.Services.AddHostedService<BulkWorker>();
        builder.Services.AddHostedService<Retention>();

        builder.Services.AddSingleton<EndpointInstances>();
        builder.Services.AddSingleton<CustomCheckStore>();
        builder.Services.AddHostedService<ServiceControlQueue>();
        builder.Services.AddHostedService<SilenceWatch>();
        builder.Services.AddSingleton<MonitoredEndpoints>();
        builder.Services.AddHostedService<MonitoringQueue>();
        builder.Services.AddHostedService<QueueLengths>();
        builder.Services.AddAlerts();
        builder.AddConsole();

        var app = builder.Build();
        app.MapDefaultEndpoints();
        var api = app.UseServicePulseApi();
        api.MapPlatform(settings);
        api.MapFailedMessages();
        api.MapMessages();
        api.MapSagas();
        api.MapGroups();
        api.MapRetries();
        api.MapArchiving();
        api.MapEditing(settings);
        api.MapRedirects();
        api.MapEventLog();
        api.MapActions();
        api.MapHeartbeats();
        api.MapCustomChecks();
        app.MapAlerts();
        app.MapGroup("/monitoring").MapMonitoring(settings);
        app.MapConsole();
        app.MapServicePulse(settings);
        return app;
    }
}
