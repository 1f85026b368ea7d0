using Portable.Hosting.Processes;

namespace Portable.Hosting.Dashboard;

/// <summary>How the dashboard is called: everything is told in its environment.</summary>
internal static class DashboardProgram
{
    /// <summary>
    /// The call of <paramref name="executable"/> that listens at <paramref name="addresses"/> and reads the resources
    /// at <paramref name="resourceService"/>. It asks nobody for a key: all of it listens on loopback, for development.
    /// </summary>
    public static ProcessSpecification Describe(string executable, DashboardAddresses addresses, Uri resourceService)
    {
        var environment = Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(IsOfTheAppHost)
            .ToDictionary(name => name, _ => (string?)null);
        environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        environment["ASPNETCORE_URLS"] = DashboardAddresses.Text(addresses.Page);
        environment["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = DashboardAddresses.Text(addresses.OtlpGrpc);
        environment["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = DashboardAddresses.Text(addresses.OtlpHttp);
        environment["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = DashboardAddresses.Text(resourceService);
        environment["DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE"] = "Unsecured";
        environment["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true";
        environment["ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"] = "true";
        environment["ASPIRE_DASHBOARD_TELEMETRY_OPTOUT"] = "true";
        foreach (var (name, value) in Globalization.Variables) environment[name] = value;
        return new ProcessSpecification(executable, ["dashboard"], Path.GetDirectoryName(executable)!)
        {
            Environment = environment,
            // It keeps nothing on disk, so there is nothing to wait for: it cannot hold up the end of the app host.
            StopSignal = "KILL",
        };
    }

    /// <summary>What configures the app host's own web server and dashboard would configure this one too.</summary>
    private static bool IsOfTheAppHost(string name) =>
        name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ASPIRE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("DASHBOARD__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("KESTREL__", StringComparison.OrdinalIgnoreCase);
}
