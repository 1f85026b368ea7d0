using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting.Dashboard;

/// <summary>
/// The dashboard takes telemetry as a resource's own when the resource is named as the service, a hyphen and the
/// service's instance id. Replicas are named so anyway; a project that runs once is, for the dashboard, its number one.
/// </summary>
internal static class TelemetryIdentity
{
    private const string OnlyOne = "1";

    /// <summary>The value of <c>service.instance.id</c> for an instance of a resource.</summary>
    public static string InstanceId(string resourceName, string id) =>
        id.Length > resourceName.Length ? id[(resourceName.Length + 1)..] : OnlyOne;

    /// <summary>What the dashboard knows an instance as. Its users see the resource's name.</summary>
    public static string DashboardName(IResource resource, string id) =>
        resource is ProjectResource ? $"{resource.Name}-{InstanceId(resource.Name, id)}" : id;
}
