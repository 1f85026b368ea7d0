using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Portable.Hosting.ApplicationModel;
using Model = Portable.Hosting.ApplicationModel;
using Wire = Portable.Hosting.Dashboard.Wire;

namespace Portable.Hosting.Dashboard;

/// <summary>Turns a resource's state, as the app host publishes it, into the dashboard's message.</summary>
internal static class ResourceMessages
{
    /// <summary>
    /// The message for one instance. Values of environment variables go over as they are: the dashboard masks them all
    /// until they are asked for, and the resource service listens on loopback only.
    /// </summary>
    public static Wire.Resource ToMessage(this ResourceEvent change)
    {
        var snapshot = change.Snapshot;
        var message = new Wire.Resource
        {
            Name = change.DashboardName(),
            Uid = change.DashboardName(),
            DisplayName = change.Resource.Name,
            ResourceType = snapshot.ResourceType,
            State = snapshot.State?.Text ?? "",
            StateStyle = snapshot.State?.Style ?? "",
            CreatedAt = ToTimestamp(snapshot.CreationTimeStamp),
            StartedAt = ToTimestamp(snapshot.StartTimeStamp),
            StoppedAt = ToTimestamp(snapshot.StopTimeStamp),
            IsHidden = snapshot.IsHidden,
        };
        if (snapshot.IconName is { } icon) message.IconName = icon;
        message.Environment.AddRange(snapshot.EnvironmentVariables.Select(ToMessage));
        message.Urls.AddRange(snapshot.Urls.Select(ToMessage));
        message.Relationships.AddRange(snapshot.Relationships.Select(relationship =>
            new Wire.ResourceRelationship { ResourceName = relationship.ResourceName, Type = relationship.Type }));
        message.Volumes.AddRange(snapshot.Volumes.Select(volume => new Wire.Volume
        {
            Source = volume.Source ?? "",
            Target = volume.Target,
            MountType = volume.MountType,
            IsReadOnly = volume.IsReadOnly,
        }));
        message.HealthReports.AddRange(snapshot.HealthReports.Select(ToMessage));
        message.Commands.AddRange(snapshot.Commands.Select(ToMessage));
        message.Properties.AddRange(WellKnownProperties(change));
        message.Properties.AddRange(snapshot.Properties.Select(property =>
            Property(property.Name, ToValue(property.Value), property.IsSensitive)));
        return message;
    }

    /// <summary>The dashboard reads these from the properties, not from the fields of the same meaning.</summary>
    private static IEnumerable<Wire.ResourceProperty> WellKnownProperties(ResourceEvent change)
    {
        var snapshot = change.Snapshot;
        yield return Property("resource.uid", Value.ForString(change.DashboardName()));
        yield return Property("resource.name", Value.ForString(change.DashboardName()));
        yield return Property("resource.type", Value.ForString(snapshot.ResourceType));
        yield return Property("resource.displayName", Value.ForString(change.Resource.Name));
        yield return Property("resource.state", ToValue(snapshot.State?.Text));
        yield return Property("resource.exitCode", ToValue(snapshot.ExitCode?.ToString(CultureInfo.InvariantCulture)));
        yield return Property("resource.createTime", ToValue(snapshot.CreationTimeStamp?.ToString("O")));
        yield return Property("resource.startTime", ToValue(snapshot.StartTimeStamp?.ToString("O")));
        yield return Property("resource.stopTime", ToValue(snapshot.StopTimeStamp?.ToString("O")));
        yield return Property("resource.healthState", ToValue(snapshot.HealthStatus?.ToString()));
    }

    private static string DashboardName(this ResourceEvent change) =>
        TelemetryIdentity.DashboardName(change.Resource, change.ResourceId);

    private static Wire.ResourceProperty Property(string name, Value value, bool sensitive = false) =>
        new() { Name = name, Value = value, IsSensitive = sensitive };

    private static Wire.EnvironmentVariable ToMessage(EnvironmentVariableSnapshot variable) =>
        new() { Name = variable.Name, Value = variable.Value ?? "", IsFromSpec = variable.IsFromSpec };

    private static Wire.Url ToMessage(UrlSnapshot url) => new()
    {
        EndpointName = url.Name ?? "",
        FullUrl = url.Url,
        IsInternal = url.IsInternal,
        IsInactive = url.IsInactive,
        DisplayProperties = new Wire.UrlDisplayProperties
        {
            DisplayName = url.DisplayProperties.DisplayName,
            SortOrder = url.DisplayProperties.SortOrder,
        },
    };

    private static Wire.HealthReport ToMessage(HealthReportSnapshot report)
    {
        var message = new Wire.HealthReport
        {
            Key = report.Name,
            Description = report.Description ?? "",
            Exception = report.ExceptionText ?? "",
            LastRunAt = ToTimestamp(report.LastRunAt),
        };
        if (report.Status is { } status)
        {
            message.Status = status switch
            {
                Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy => Wire.HealthStatus.Healthy,
                Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Degraded => Wire.HealthStatus.Degraded,
                _ => Wire.HealthStatus.Unhealthy,
            };
        }

        return message;
    }

    private static Wire.ResourceCommand ToMessage(ResourceCommandSnapshot command) => new()
    {
        Name = command.Name,
        DisplayName = command.DisplayName,
        DisplayDescription = command.DisplayDescription ?? "",
        ConfirmationMessage = command.ConfirmationMessage ?? "",
        Parameter = ToValue(command.Parameter),
        IconName = command.IconName ?? "",
        IconVariant = command.IconVariant is Model.IconVariant.Filled
            ? Wire.IconVariant.Filled
            : Wire.IconVariant.Regular,
        IsHighlighted = command.IsHighlighted,
        State = command.State switch
        {
            Model.ResourceCommandState.Enabled => Wire.ResourceCommandState.Enabled,
            Model.ResourceCommandState.Disabled => Wire.ResourceCommandState.Disabled,
            _ => Wire.ResourceCommandState.Hidden,
        },
    };

    private static Timestamp? ToTimestamp(DateTime? time) =>
        time is { } known ? Timestamp.FromDateTime(known.ToUniversalTime()) : null;

    private static Value ToValue(object? value) => value switch
    {
        null => Value.ForNull(),
        string text => Value.ForString(text),
        int number => Value.ForNumber(number),
        IEnumerable<string> texts => Value.ForList([.. texts.Select(Value.ForString)]),
        IEnumerable<int> numbers => Value.ForList([.. numbers.Select(number => Value.ForNumber(number))]),
        _ => Value.ForString(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
    };
}
