using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Dashboard;

namespace Portable.Hosting.Running;

/// <summary>The variables that every project gets, as Aspire sets them. What the app host sets itself wins.</summary>
internal static class ProjectEnvironment
{
    /// <summary>Telemetry is sent every second, all of it, with exceptions in the logs.</summary>
    private static readonly (string Name, string Value)[] Telemetry =
    [
        ("OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EXCEPTION_LOG_ATTRIBUTES", "true"),
        ("OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EVENT_LOG_ATTRIBUTES", "true"),
        ("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "1000"),
        ("OTEL_BSP_SCHEDULE_DELAY", "1000"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "1000"),
        ("OTEL_TRACES_SAMPLER", "always_on"),
        ("OTEL_METRICS_EXEMPLAR_FILTER", "trace_based"),
    ];

    public static void Add(EnvironmentCallbackContext context, string environmentName)
    {
        context.EnvironmentVariables["ASPNETCORE_ENVIRONMENT"] = environmentName;
        context.EnvironmentVariables["DOTNET_ENVIRONMENT"] = environmentName;
        foreach (var (name, value) in Telemetry) context.EnvironmentVariables[name] = value;
    }

    /// <summary>The variables that differ per instance.</summary>
    /// <param name="id">The instance.</param>
    /// <param name="resourceName">The resource: the service's name in telemetry.</param>
    /// <param name="urls">What the instance listens on, separated by semicolons; empty for nothing.</param>
    /// <param name="dashboard">Where telemetry goes; null for nowhere.</param>
    public static Dictionary<string, string?> Of(
        string id, string resourceName, string urls, DashboardConnection? dashboard)
    {
        var variables = new Dictionary<string, string?>
        {
            // Null removes what the app host may have been started with: two processes can't listen on the same port.
            ["ASPNETCORE_URLS"] = urls.Length > 0 ? urls : null,
            ["DOTNET_LAUNCH_PROFILE"] = null,
            ["OTEL_SERVICE_NAME"] = resourceName,
            ["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={TelemetryIdentity.InstanceId(resourceName, id)}",
        };
        if (dashboard is null) return variables;
        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = dashboard.OtlpEndpoint;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = dashboard.OtlpProtocol;
        if (dashboard.OtlpHeaders is not null) variables["OTEL_EXPORTER_OTLP_HEADERS"] = dashboard.OtlpHeaders;
        return variables;
    }
}
