using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portable.Messaging.Handling;
using Portable.Messaging.Heartbeats;
using Portable.Messaging.Installation;
using Portable.Messaging.Messages;
using Portable.Messaging.Monitoring;
using Portable.Messaging.Persistence.Sql;
using Portable.Messaging.Pipeline;
using Portable.Messaging.Recoverability;
using Portable.Messaging.SagaAudit;
using Portable.Messaging.Sagas;
using Portable.Messaging.Sending;
using Portable.Messaging.Serialization;
using Portable.Messaging.Tracing;
using Portable.Messaging.Transport;
using RabbitMQ.Client;

namespace Portable.Messaging.Hosting;

/// <summary>An endpoint's parts, put together; starts and stops them.</summary>
internal sealed class EndpointRuntime : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StartPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(15);

    private readonly EndpointConfiguration configuration;
    private readonly IServiceProvider services;
    private readonly RabbitMQTransport transport;
    private readonly ILogger logger;
    private readonly Publisher publisher;
    private readonly HandlerMap handlers;
    private readonly SqlStorage? storage;
    private readonly Subscriptions subscriptions;
    private readonly OutboxCleaner? cleaner;
    private readonly HeartbeatSender? heartbeats;
    private readonly MetricsSender? reports;
    private readonly SagaAuditor? sagaAudit;
    private readonly Receiver? receiver;
    private readonly string errorQueue;
    private int stopped;
    private int disposed;

    public EndpointRuntime(EndpointConfiguration configuration, IServiceProvider services)
    {
        this.configuration = configuration;
        this.services = services;
        var name = configuration.EndpointName;
        logger = services.GetRequiredService<ILoggerFactory>().CreateLogger($"Portable.Messaging.{name}");
        transport = configuration.Transport ?? throw new InvalidOperationException(
            $"Endpoint '{name}' has no transport: endpointConfiguration.UseTransport(new RabbitMQTransport(…)).");
        errorQueue = configuration.ErrorQueue ?? "error";
        publisher = new Publisher(transport, name, configuration.InstallersEnabled, logger);

        var handlerTypes = HandlerTypes();
        var sagas = handlerTypes.Where(typeof(Saga).IsAssignableFrom).ToDictionary(type => type, SagaModel.Of);
        handlers = new HandlerMap(handlerTypes, sagas);
        var types = new MessageTypes(configuration.MessageConventions);
        foreach (var type in handlers.MessageTypes.SelectMany(t => t.Assembly.GetTypes()).Distinct())
        {
            types.Add(type);
        }

        var host = HostIdentity.Of(configuration.HostInfo);
        var serializer = new MessageSerializer(configuration.Serializer?.Options);
        var outgoing = new OutgoingMessages(
            configuration, host, types, serializer, configuration.Routes,
            new OutgoingPipeline(configuration.Pipeline, services));
        subscriptions = new Subscriptions(transport.RoutingTopology, name, configuration.IsSendOnly, ReceiveConnection);
        Session = new MessageSession(outgoing, publisher, subscriptions, services);
        heartbeats = configuration.Heartbeats is { } beats
            ? new HeartbeatSender(beats, name, configuration.IsSendOnly, host, publisher, logger)
            : null;
        if (configuration.IsSendOnly)
        {
            return;
        }

        storage = Storage(name, sagas.Values);
        if (storage is { Outbox: { } outbox })
        {
            cleaner = new OutboxCleaner(storage.Connections, outbox, configuration.Outbox!, logger);
        }

        reports = configuration.Metrics is { Settings: { } reporting }
            ? new MetricsSender(reporting, name, host, publisher, logger)
            : null;
        sagaAudit = configuration.SagaAudit is { } history && sagas.Count > 0
            ? new SagaAuditor(history, name, publisher)
            : null;
        var metrics = new HandlingMetrics(services.GetRequiredService<IMeterFactory>(), name);
        var pipeline = new HandlerPipeline(
            handlers, types, new SagaActivation(storage, types, logger), Chain<IIncomingLogicalMessageContext>(),
            Chain<IInvokeHandlerContext>(), sagaAudit, metrics);
        var handling = new MessageHandling(
            new MessageReader(handlers, types, serializer), pipeline, Chain<IIncomingPhysicalMessageContext>(),
            storage, outgoing, publisher,
            configuration.AuditQueue is { } audit ? new Auditor(audit, configuration.AuditTimeToLive, name, host) : null,
            services.GetRequiredService<IServiceScopeFactory>(), metrics, logger);
        var recoverability = configuration.RecoverabilitySettings;
        var failures = new ConsecutiveFailures(recoverability.ConsecutiveFailures, recoverability.RateLimit, logger);
        var pump = new MessagePump(
            transport, handling, new Recoverer(recoverability, errorQueue, name, host, publisher, metrics, logger),
            publisher, storage?.Outbox, failures, metrics, logger);
        receiver = new Receiver(
            transport,
            name,
            $"{host.DisplayName} - {name}",
            configuration.Concurrency ?? Math.Max(2, Environment.ProcessorCount),
            pump.Process,
            failures,
            new CriticalError(configuration.OnCriticalError, Stop, logger),
            logger);
    }

    public MessageSession Session { get; }

    /// <summary>Installs, if enabled, subscribes and begins to receive. A send-only endpoint starts without the broker
    /// and connects when it first sends.</summary>
    public async Task Start(CancellationToken cancellationToken)
    {
        if (receiver is null)
        {
            heartbeats?.Start();
            return;
        }

        for (var deadline = DateTime.UtcNow + StartPatience; ; await Task.Delay(StartPause, cancellationToken))
        {
            try
            {
                await Prepare(receiver, cancellationToken);
                break;
            }
            catch (Exception e) when (ConnectionLoss.Is(e) && DateTime.UtcNow < deadline)
            {
                logger.LogWarning(e, "Endpoint '{Endpoint}' lost its broker while it started; trying again",
                    configuration.EndpointName);
            }
        }

        await receiver.Start(cancellationToken);
        cleaner?.Start();
        heartbeats?.Start();
        reports?.Start();
        logger.LogInformation("Endpoint '{Endpoint}' handles messages", configuration.EndpointName);
    }

    /// <summary>All that comes before the first message. May be done again.</summary>
    private async Task Prepare(Receiver consumer, CancellationToken cancellationToken)
    {
        var connection = await consumer.Connect(StartPatience, cancellationToken);
        if (configuration.InstallersEnabled)
        {
            await Install(connection, cancellationToken);
        }

        if (transport.ManagementApiConfiguration is { } api)
        {
            await new BrokerVerification(transport, api, logger)
                .Verify(configuration.EndpointName, StartPatience, cancellationToken);
        }

        await subscriptions.Subscribe(
            handlers.MessageTypes.Where(configuration.MessageConventions.IsEventType), cancellationToken);
        if (sagaAudit is not null)
        {
            await sagaAudit.Verify(cancellationToken);
        }
    }

    /// <summary>Handles what is in hand, then disconnects. Ends within twenty seconds of the token, whatever handlers and
    /// servers do.</summary>
    public async Task Stop(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref stopped, 1) == 1)
        {
            return;
        }

        if (receiver is not null)
        {
            await receiver.Stop(cancellationToken);
        }

        await DisposeAsync();
        logger.LogInformation("Endpoint '{Endpoint}' has stopped", configuration.EndpointName);
    }

    /// <summary>Disconnects. A server that does not answer holds nothing up: it finds the connections closed when the
    /// process has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
        {
            return;
        }

        try
        {
            await Task.Run(Disconnect).WaitAsync(EndPatience);
        }
        catch (TimeoutException)
        {
            logger.LogWarning(
                "Endpoint '{Endpoint}' could not disconnect from its servers within {Patience}: do they answer?",
                configuration.EndpointName, EndPatience);
        }
    }

    private async Task Disconnect()
    {
        if (heartbeats is not null)
        {
            await heartbeats.DisposeAsync();
        }

        if (reports is not null)
        {
            await reports.DisposeAsync();
        }

        if (receiver is not null)
        {
            await receiver.DisposeAsync();
        }

        if (cleaner is not null)
        {
            await cleaner.DisposeAsync();
        }

        await publisher.DisposeAsync();
    }

    private BehaviorChain<TContext> Chain<TContext>()
        where TContext : class, IBehaviorContext =>
        new(configuration.Pipeline, services);

    private List<Type> HandlerTypes()
    {
        if (configuration.IsSendOnly)
        {
            return [];
        }

        var named = configuration.Handlers.Concat(configuration.Sagas).ToList();
        foreach (var type in named.Where(type => !HandlerScan.IsHandler(type)))
        {
            throw new InvalidOperationException($"{type.FullName} is no handler: it implements no IHandleMessages<T>.");
        }

        return configuration.Scanner.Disable
            ? named
            : [.. named.Concat(HandlerScan.Find(configuration.Scanner)).Distinct()];
    }

    private SqlStorage? Storage(string name, ICollection<SagaModel> sagas)
    {
        if (configuration.Persistence is SqlPersistence sql)
        {
            return new SqlStorage(sql, configuration.Outbox, name, sagas);
        }

        if (sagas.Count > 0 || configuration.Outbox is not null)
        {
            throw new InvalidOperationException(
                $"Endpoint '{name}' has {(sagas.Count > 0 ? "sagas" : "an outbox")} but no persistence to keep "
                + "them: endpointConfiguration.UsePersistence<SqlPersistence>().");
        }

        return null;
    }

    private async Task<IConnection> ReceiveConnection(CancellationToken cancellationToken) =>
        await receiver!.Connect(StartPatience, cancellationToken);

    private async Task Install(IConnection connection, CancellationToken cancellationToken)
    {
        if (storage is not null && configuration.Persistence is SqlPersistence { InstallerDisabled: false })
        {
            await new SqlInstaller(storage).Install(cancellationToken);
        }

        var topology = new Topology(transport.RoutingTopology);
        await using (var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken))
        {
            await topology.DeclareEndpoint(channel, configuration.EndpointName, cancellationToken);
            await topology.DeclareEndpoint(channel, errorQueue, cancellationToken);
            if (configuration.AuditQueue is { } audit)
            {
                await topology.DeclareEndpoint(channel, audit, cancellationToken);
            }

            await Topology.DeclareDelays(channel, cancellationToken);
            await Topology.BindToDelays(channel, configuration.EndpointName, cancellationToken);
        }

        foreach (var type in configuration.Installers)
        {
            var installer = (INeedToInstallSomething)ActivatorUtilities.GetServiceOrCreateInstance(services, type);
            await installer.Install(Environment.UserName, cancellationToken);
        }
    }
}
