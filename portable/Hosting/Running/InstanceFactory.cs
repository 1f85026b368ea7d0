using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Data;

namespace Portable.Hosting.Running;

/// <summary>What every instance needs.</summary>
internal sealed class InstanceFactory(
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    HealthCheckService checks,
    HostFolder folder,
    DistributedApplicationExecutionContext execution,
    DistributedApplicationModel model,
    IOptions<ResourceNotificationServiceOptions> options)
{
    public ResourceNotificationService Notifications => notifications;

    public ResourceLoggerService Logs => logs;

    public DistributedApplicationModel Model => model;

    public HealthMonitor Health { get; } = new(checks);

    public HostFolder Folder => folder;

    public DistributedApplicationExecutionContext Execution => execution;

    public WaitBehavior DefaultWaitBehavior => options.Value.DefaultWaitBehavior;
}
