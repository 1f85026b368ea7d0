using Microsoft.Extensions.DependencyInjection;
using Portable.Messaging.Heartbeats;
using Portable.Messaging.Outbox;
using Portable.Messaging.Persistence;
using Portable.Messaging.Pipeline;
using Portable.Messaging.Routing;
using Portable.Messaging.SagaAudit;

namespace Portable.Messaging;

/// <summary>Everything an endpoint is told before it starts.</summary>
public class EndpointConfiguration
{
    private readonly ConventionsBuilder conventions = new(new Conventions());

    /// <param name="endpointName">Name of the endpoint and of its queue.</param>
    public EndpointConfiguration(string endpointName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(endpointName);
        if (endpointName.Contains('@', StringComparison.Ordinal))
        {
            throw new ArgumentException($"The endpoint name '{endpointName}' contains an '@'.", nameof(endpointName));
        }

        EndpointName = endpointName;
    }

    public string EndpointName { get; }

    /// <summary>True when the endpoint has no queue and handles nothing.</summary>
    public bool IsSendOnly { get; private set; }

    public PipelineSettings Pipeline { get; } = new();

    internal RabbitMQTransport? Transport { get; set; }

    internal CommandRoutes Routes { get; } = new();

    internal PersistenceDefinition? Persistence { get; set; }

    internal OutboxSettings? Outbox { get; set; }

    internal RecoverabilitySettings RecoverabilitySettings { get; } = new();

    internal SystemJsonSerializer? Serializer { get; set; }

    internal AssemblyScannerConfiguration Scanner { get; } = new();

    internal List<Type> Handlers { get; } = [];

    internal List<Type> Sagas { get; } = [];

    internal List<Type> Installers { get; } = [];

    internal List<Action<IServiceCollection>> ServiceRegistrations { get; } = [];

    internal Dictionary<string, string> StaticHeaders { get; } = [];

    internal string? ErrorQueue { get; set; }

    internal string? AuditQueue { get; set; }

    internal TimeSpan? AuditTimeToLive { get; set; }

    internal HeartbeatSettings? Heartbeats { get; set; }

    internal MetricsOptions? Metrics { get; set; }

    internal SagaAuditSettings? SagaAudit { get; set; }

    internal bool InstallersEnabled { get; set; }

    internal int? Concurrency { get; set; }

    internal HostInfoSettings HostInfo { get; } = new();

    internal Func<ICriticalErrorContext, CancellationToken, Task>? OnCriticalError { get; set; }

    internal Conventions MessageConventions => conventions.Conventions;

    public ConventionsBuilder Conventions() => conventions;

    /// <summary>Makes this an endpoint without a queue: it sends and publishes only.</summary>
    public void SendOnly() => IsSendOnly = true;

    /// <summary>Adds services to the container.</summary>
    public void RegisterComponents(Action<IServiceCollection> registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        ServiceRegistrations.Add(registration);
    }
}
