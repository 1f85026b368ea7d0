using System.Text.Json;
using Operations.Auditing;
using Operations.Broker;
using Operations.CustomChecks;

namespace Operations.Heartbeats;

/// <summary>
/// What endpoints tell ServiceControl: that they have started, that they are alive, how their checks end.
/// </summary>
internal sealed partial class ServiceControlQueue(
    BrokerAddress broker, OperationsSettings settings, EndpointInstances endpoints, CustomCheckStore checks,
    AuditStore audited, ILogger<ServiceControlQueue> logger)
    : ReportQueue(broker, settings.ServiceControlQueue, settings, logger)
{
    private const string Heartbeats = "ServiceControl.Plugin.Heartbeat.Messages.";
    private const string Checks = "ServiceControl.Plugin.CustomChecks.Messages.";

    protected override async Task Take(Delivery message, CancellationToken cancellationToken)
    {
        switch (TypeOf(message))
        {
            case Heartbeats + "EndpointHeartbeat" when Read<Heartbeat>(message) is { } beat:
                var alive = new EndpointInstance(beat.EndpointName, beat.Host, beat.HostId);
                await endpoints.Heard(alive, beat.ExecutedAt.ToUniversalTime(), cancellationToken);
                break;
            case Heartbeats + "RegisterEndpointStartup" when Read<Startup>(message) is { } startup:
                var started = new EndpointInstance(startup.Endpoint, startup.Host, startup.HostId);
                await endpoints.Started(started, startup.StartedAt.ToUniversalTime(), cancellationToken);
                break;
            case Checks + "ReportCustomCheckResult" when Read<CheckReport>(message) is { } report:
                var reporter = new EndpointInstance(report.EndpointName, report.Host, report.HostId);
                await checks.Report(
                    reporter,
                    new CheckResult(
                        report.CustomCheckId,
                        report.Category,
                        report.HasFailed ? report.FailureReason ?? "" : null),
                    report.ReportedAt.ToUniversalTime(),
                    cancellationToken);
                break;
            // The audit queue is its place; endpoints that were told otherwise send it here.
            case SagaChange.ReportType:
                await audited.Record([], [SagaChange.Read(message.Headers, message.Body)], [], cancellationToken);
                break;
            default:
                NotKnown(logger, TypeOf(message));
                break;
        }
    }

    private static T? Read<T>(Delivery message) => JsonSerializer.Deserialize<T>(message.Body);

    private sealed record Heartbeat(DateTime ExecutedAt, string EndpointName, Guid HostId, string Host);

    private sealed record Startup(Guid HostId, string Endpoint, DateTime StartedAt, string Host);

    private sealed record CheckReport(
        Guid HostId, string CustomCheckId, string Category, bool HasFailed, string? FailureReason, DateTime ReportedAt,
        string EndpointName, string Host);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A report of type '{Type}' is of no use here")]
    private static partial void NotKnown(ILogger logger, string type);
}
