using System.Text.Json;
using Microsoft.AspNetCore.Http.Extensions;
using Operations.Http;

namespace Operations.Platform;

/// <summary>
/// What ServicePulse asks before it shows a page: who is there, what it can do, and how it is set up.
/// </summary>
internal static class PlatformRoutes
{
    private const string Name = "AspireCqrs Operations";

    public static void MapPlatform(this IEndpointRouteBuilder api, OperationsSettings settings)
    {
        api.MapGet("/", (HttpContext context) => ApiAnswer.Of(Urls(context.Request)));
        foreach (var path in new[] { "/configuration", "/instance-info" })
            api.MapGet(path, () => ApiAnswer.Of(Configuration(settings)));
        api.MapGet("/configuration/remotes", (HttpContext context) =>
            ApiAnswer.Of(settings.Audit ? [AuditInstance(context.Request, settings)] : Array.Empty<object>()));
        api.MapGet("/authentication/configuration", () => ApiAnswer.Of(
            new { Enabled = false, RoleBasedAuthorizationEnabled = false }));
        // This one answer is not in snake_case: endpoints read it as their platform connection.
        api.MapGet("/connection", () => Results.Json(Connection(settings), JsonSerializerOptions.Default));
        api.MapGet("/license", () => ApiAnswer.Of(License));
        api.MapGet("/license/details", () => Results.NoContent());
        MapUsage(api);
        api.MapGet("/notifications/email", () => ApiAnswer.Of(new { Enabled = false, EnableTls = false }));
    }

    /// <summary>Nobody's usage is measured here: nothing to connect to, and no report to be made.</summary>
    private static void MapUsage(IEndpointRouteBuilder api)
    {
        var nothing = new
        {
            ConnectionSuccessful = true, ConnectionErrorMessages = Array.Empty<string>(), Diagnostics = "",
        };
        api.MapGet("/licensing/settings/test", () => ApiAnswer.Of(new
        {
            Transport = "None",
            AuditConnectionResult = nothing,
            MonitoringConnectionResult = nothing,
            BrokerConnectionResult = nothing,
        }));
        api.MapGet("/licensing/report/available", () => ApiAnswer.Of(
            new { ReportCanBeGenerated = false, Reason = "Usage is not measured here." }));
        api.MapGet("/licensing/endpoints", () => ApiAnswer.Of(Array.Empty<object>()));
    }

    /// <summary>Templates of the other calls.</summary>
    private static object Urls(HttpRequest request)
    {
        var api = request.GetDisplayUrl().Split('?')[0].TrimEnd('/') + "/";
        const string list = "{?page,per_page,direction,sort}";
        return new
        {
            Description = "Failed and handled messages",
            EndpointsErrorUrl = $"{api}endpoints/{{name}}/errors/{list}",
            KnownEndpointsUrl = "/endpoints/known",
            EndpointsMessageSearchUrl = $"{api}endpoints/{{name}}/messages/search/{{keyword}}/{list}",
            EndpointsMessagesUrl = $"{api}endpoints/{{name}}/messages/{list}",
            AuditCountUrl = $"{api}endpoints/{{name}}/audit-count",
            EndpointsUrl = $"{api}endpoints",
            ErrorsUrl = $"{api}errors/{list}",
            Configuration = $"{api}configuration",
            RemoteConfiguration = $"{api}configuration/remotes",
            MessageSearchUrl = $"{api}messages/search/{{keyword}}/{list}",
            LicenseStatus = "unavailable",
            LicenseDetails = $"{api}license",
            Name,
            SagasUrl = $"{api}sagas",
            EventLogItems = $"{api}eventlogitems",
            ArchivedGroupsUrl = $"{api}errors/groups/{{classifier?}}",
            GetArchiveGroup = $"{api}archive/groups/id/{{groupId}}",
        };
    }

    private static object Connection(OperationsSettings settings) => new
    {
        settings = new
        {
            settings.ErrorQueue,
            Heartbeats = new
            {
                Enabled = true,
                HeartbeatsQueue = settings.ServiceControlQueue,
                Frequency = settings.HeartbeatGracePeriod / 4,
                TimeToLive = settings.HeartbeatGracePeriod,
            },
            CustomChecks = new { Enabled = true, CustomChecksQueue = settings.ServiceControlQueue },
            MessageAudit = new { Enabled = settings.Audit, settings.AuditQueue },
            SagaAudit = new { Enabled = settings.Audit, SagaAuditQueue = settings.AuditQueue },
        },
        errors = Array.Empty<string>(),
    };

    /// <summary>
    /// ServicePulse knows by the instances beside the one it asks whether messages are audited. Here it is the same one.
    /// </summary>
    private static object AuditInstance(HttpRequest request, OperationsSettings settings) => new
    {
        ApiUri = request.GetDisplayUrl().Split("/configuration/")[0],
        ServicePulseApi.Version,
        Status = "online",
        Configuration = new
        {
            Host = new { ServiceName = Name, InstanceName = Name },
            DataRetention = new { AuditRetentionPeriod = settings.AuditRetention },
            Transport = new { AuditLogQueue = "", settings.AuditQueue, ForwardAuditMessages = false },
        },
    };

    private static object Configuration(OperationsSettings settings) => new
    {
        Host = new { ServiceName = Name, InstanceName = Name },
        DataRetention = new { ErrorRetentionPeriod = settings.ErrorRetention },
        Transport = new
        {
            TransportType = "RabbitMQ.QuorumConventionalRouting",
            ErrorLogQueue = "",
            settings.ErrorQueue,
            ForwardErrorMessages = false,
        },
        Plugins = new { HeartbeatGracePeriod = settings.HeartbeatGracePeriod },
    };

    /// <summary>There is no license of Particular Software here, and nothing is claimed.</summary>
    private static readonly object License = new
    {
        RegisteredTo = "",
        Edition = "",
        ExpirationDate = "",
        UpgradeProtectionExpiration = "",
        LicenseType = "",
        InstanceName = Name,
        TrialLicense = false,
        LicenseStatus = "Unavailable",
        Status = "unavailable",
        Products = Array.Empty<object>(),
        HasEndpointMetadata = false,
    };
}
