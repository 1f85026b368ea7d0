using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting.Dashboard;

/// <summary>
/// The dashboard among the resources, hidden, under the name it has in Aspire: whoever needs its addresses or wants to
/// wait for it asks the notifications for <c>aspire-dashboard</c>.
/// </summary>
internal sealed class AspireDashboardResource() : Resource(Known)
{
    /// <summary>The name it has in Aspire.</summary>
    public const string Known = "aspire-dashboard";

    /// <summary>Announces the addresses, where nothing answers yet.</summary>
    public Task Announce(ResourceNotificationService notifications, DashboardAddresses addresses) =>
        notifications.PublishUpdateAsync(this, snapshot => snapshot with
        {
            ResourceType = "Executable",
            IsHidden = true,
            State = KnownResourceStates.Starting,
            CreationTimeStamp = DateTime.UtcNow,
            Urls =
            [
                new UrlSnapshot("http", DashboardAddresses.Text(addresses.Page), IsInternal: false),
                new UrlSnapshot("otlp-grpc", DashboardAddresses.Text(addresses.OtlpGrpc), IsInternal: true),
                new UrlSnapshot("otlp-http", DashboardAddresses.Text(addresses.OtlpHttp), IsInternal: true),
            ],
        });

    /// <summary>Says that the page answers.</summary>
    public Task Answers(ResourceNotificationService notifications) =>
        notifications.PublishUpdateAsync(this, snapshot => snapshot with
        {
            State = KnownResourceStates.Running,
            StartTimeStamp = DateTime.UtcNow,
        });

    /// <summary>Says that there will be none in this run, and why.</summary>
    public Task Fails(ResourceNotificationService notifications, string reason) =>
        notifications.PublishUpdateAsync(this, snapshot => snapshot with
        {
            ResourceType = "Executable",
            IsHidden = true,
            State = KnownResourceStates.FailedToStart,
            Failure = reason,
        });
}
