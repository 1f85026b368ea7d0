using CommandLog;
using Commerce.Contracts;
using Commerce.Contracts.Ordering;
using EventStore;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Servers;
using ServiceDefaults;

namespace Workflows.Tests.Endpoint;

/// <summary>The whole service on a database and a virtual host of its own, and a client that sends commands.</summary>
public sealed class RunningWorkflows : IAsyncDisposable
{
    private readonly WebApplication service;
    private readonly IHost client;

    private RunningWorkflows(WebApplication service, IHost client, string broker)
    {
        this.service = service;
        this.client = client;
        Broker = broker;
    }

    public string Broker { get; }

    public IServiceProvider Services => service.Services;

    public Uri Address => new(service.Urls.First());

    internal IEventStore Store => Services.GetRequiredService<IEventStore>();

    /// <param name="settings">Further configuration, such as <c>Fulfilment:Payment=00:00:02</c>.</param>
    public static async Task<RunningWorkflows> Start(
        TestServers servers, CancellationToken cancellationToken, params string[] settings)
    {
        var broker = await servers.NewVirtualHost(cancellationToken);
        var management = (await servers.RabbitMQ(cancellationToken)).Endpoint("management");
        string[] args =
        [
            $"--ConnectionStrings:commerce={await servers.NewDatabase(cancellationToken)}",
            $"--ConnectionStrings:rabbitmq={broker}",
            $"--services:rabbitmq:management:0={management}",
            "--urls=http://127.0.0.1:0",
            "--Logging:LogLevel:Default=Warning",
            .. settings.Select(setting => $"--{setting}"),
        ];
        var service = WorkflowsApp.Create(args);
        await service.StartAsync(cancellationToken);

        var builder = Host.CreateApplicationBuilder(args);
        builder.AddCommerceEndpoint("Tests.Client", endpoint => endpoint.SendOnly());
        var client = builder.Build();
        await client.StartAsync(cancellationToken);
        return new RunningWorkflows(service, client, broker);
    }

    /// <summary>Sends a command as a client does; its id is the id of its message.</summary>
    public async Task<Guid> Send(ICommerceCommand command, CancellationToken cancellationToken, Guid? id = null)
    {
        var commandId = id ?? Guid.CreateVersion7();
        var options = new SendOptions();
        options.SetMessageId(commandId.ToString());
        await client.Services.GetRequiredService<IMessageSession>().Send(command, options, cancellationToken);
        return commandId;
    }

    /// <summary>Sends a command and waits for what became of it.</summary>
    public async Task<CommandStatus> Execute(ICommerceCommand command, CancellationToken cancellationToken) =>
        await Outcome(await Send(command, cancellationToken), cancellationToken);

    public async Task<CommandStatus> Outcome(Guid commandId, CancellationToken cancellationToken)
    {
        var log = Services.GetRequiredService<ICommandLog>();
        var status = await log.WaitUntilDone(commandId, TimeSpan.FromMinutes(2), cancellationToken);
        Assert.NotNull(status);
        return status;
    }

    /// <summary>Follows the log until this order is completed or canceled.</summary>
    public Task<ICommerceEvent> FinalEvent(string tenant, Guid orderId, CancellationToken cancellationToken) => EventOf(
        CommerceStreams.Order(tenant, orderId), fact => fact is OrderCompleted or OrderCanceled, cancellationToken);

    /// <summary>Follows the log until the stream has an event that fits.</summary>
    public async Task<ICommerceEvent> EventOf(
        string stream, Func<ICommerceEvent, bool> fits, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            await foreach (var batch in Store.Subscribe(0, cancellationToken: limit.Token))
            {
                foreach (var recorded in batch.Events.Where(recorded => recorded.Stream == stream))
                {
                    if (recorded.Data is ICommerceEvent fact && fits(fact))
                        return fact;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The limit: told below with what there is.
        }

        throw new TimeoutException(
            $"{stream} never had the event; it has {string.Join(", ", await Events(stream, cancellationToken))}.");
    }

    public async Task<IReadOnlyList<ICommerceEvent>> Events(string stream, CancellationToken cancellationToken)
    {
        var events = new List<ICommerceEvent>();
        await foreach (var recorded in Store.ReadStream(stream, cancellationToken: cancellationToken))
            events.Add((ICommerceEvent)recorded.Data);
        return events;
    }

    internal async Task<TState> State<TState>(string stream, Fold<TState> fold, CancellationToken cancellationToken) =>
        (await Store.Load([stream], fold, cancellationToken: cancellationToken))[stream].State;

    public async ValueTask DisposeAsync()
    {
        await client.StopAsync();
        client.Dispose();
        await service.StopAsync();
        await service.DisposeAsync();
    }
}
