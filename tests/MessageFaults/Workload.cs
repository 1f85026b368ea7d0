using EventStore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using RabbitMQ.Client;
using Servers;
using ServiceDefaults;

namespace MessageFaults;

/// <summary>
/// Numbered messages for a worker, on a database and a virtual host of their own; a queue that collects what the worker
/// publishes; and the check that every effect happened once and no message was lost.
/// </summary>
public sealed class Workload : IAsyncDisposable
{
    /// <summary>Where what the worker publishes is collected.</summary>
    internal const string Observer = "Chaos.Observer";

    private const string Tenant = "chaos";
    private const int Attempts = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly IHost client;

    /// <summary>The events that the worker appends.</summary>
    internal static EventTypes Types => new EventTypes().Map<WorkDone>("work-done");

    /// <summary>The log that the worker appends to.</summary>
    internal IEventStore Store => client.Services.GetRequiredService<IEventStore>();

    /// <summary>The connections of <see cref="Store"/>.</summary>
    internal NpgsqlDataSource Log => client.Services.GetRequiredKeyedService<NpgsqlDataSource>("commerce");

    private Workload(string database, string broker, int messages, IHost client) =>
        (Database, Broker, Messages, this.client) = (database, broker, messages, client);

    public string Database { get; }

    public string Broker { get; }

    /// <summary>How many there are, numbered from 0.</summary>
    public int Messages { get; }

    /// <summary>Makes the database, and lets a worker install itself and stop again.</summary>
    public static async Task<Workload> Create(TestServers servers, int messages, CancellationToken cancellationToken)
    {
        var database = await servers.NewDatabase(cancellationToken);
        var broker = await servers.NewVirtualHost(cancellationToken);
        await using (var connection = new NpgsqlConnection(database))
        {
            await connection.OpenAsync(cancellationToken);
            await using var create = new NpgsqlCommand(
                "create table effects (number int not null, message_id text not null)", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        await using (var installing = WorkerProcess.Start(database, broker))
        {
            await installing.Started(cancellationToken);
            if (installing.HasExited)
                throw new InvalidOperationException($"The worker does not start:\n{installing.LastWords()}");
            await installing.Stop();
        }

        await Observe(broker, cancellationToken);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            [new("ConnectionStrings:rabbitmq", broker), new("ConnectionStrings:commerce", database)]);
        builder.Services.AddEventStore(Types);
        builder.AddCommerceEndpoint("Chaos.Client", endpoint => endpoint.SendOnly());
        var client = builder.Build();
        await client.StartAsync(cancellationToken);
        return new Workload(database, broker, messages, client);
    }

    /// <summary>The id of the message with this number.</summary>
    public static string IdOf(int number) => $"work-message-{number}";

    public WorkerProcess StartWorker(Step killAt = Step.None, int killAfter = 1) =>
        WorkerProcess.Start(Database, Broker, killAt, killAfter);

    /// <summary>Sends all messages in order of their numbers.</summary>
    public Task Send(CancellationToken cancellationToken) => Send(Enumerable.Range(0, Messages), cancellationToken);

    /// <summary>
    /// Sends the messages with these numbers, many at once. A send that fails is repeated with the same message id, as
    /// a client does that was not told that its message arrived.
    /// </summary>
    /// <param name="delay">How long the message with a number is held back.</param>
    public Task Send(
        IEnumerable<int> numbers, CancellationToken cancellationToken, Func<int, TimeSpan?>? delay = null) =>
        Parallel.ForEachAsync(
            numbers,
            new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = cancellationToken },
            (number, token) => SendOne(number, delay?.Invoke(number), token));

    /// <summary>Returns when all are handled and what they sent has left.</summary>
    /// <param name="keepGoing">Called again and again, to keep workers alive.</param>
    /// <exception cref="TimeoutException">There was no progress for five minutes.</exception>
    public async Task Handled(Func<Task> keepGoing, CancellationToken cancellationToken)
    {
        var ledger = new Ledger(this);
        var (seen, since) = (-1L, DateTime.UtcNow);
        while (true)
        {
            await keepGoing();
            var (handled, pending) = await ledger.Progress(cancellationToken);
            if (handled >= Messages && pending == 0 && await ledger.Waiting(WorkerProcess.Endpoint, cancellationToken) == 0)
                return;
            if (handled != seen)
                (seen, since) = (handled, DateTime.UtcNow);
            else if (DateTime.UtcNow - since > Patience)
                throw new TimeoutException(await ledger.Report(cancellationToken));
            await Task.Delay(200, cancellationToken);
        }
    }

    /// <summary>Whether nothing waits for a worker; certain when no worker runs.</summary>
    public async Task<bool> NothingWaits(CancellationToken cancellationToken) =>
        await new Ledger(this).Waiting(WorkerProcess.Endpoint, cancellationToken) == 0;

    /// <summary>How many messages wait for their time.</summary>
    public async Task<long> Delayed(CancellationToken cancellationToken)
    {
        const int levels = 28;
        await using var connection =
            await new ConnectionFactory { Uri = new Uri(Broker) }.CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var waiting = 0L;
        for (var level = 0; level < levels; level++)
            waiting += await channel.MessageCountAsync($"nsb.v2.delay-level-{level:D2}", cancellationToken);
        return waiting;
    }

    /// <summary>Returns when so many messages have had their effect.</summary>
    public async Task UntilHandled(int messages, CancellationToken cancellationToken)
    {
        var ledger = new Ledger(this);
        while ((await ledger.Progress(cancellationToken)).Handled < messages)
            await Task.Delay(50, cancellationToken);
    }

    /// <summary>Every rule that was broken, with the messages that broke it; empty when all is well. No worker may run.
    /// </summary>
    public Task<IReadOnlyList<string>> BrokenRules(CancellationToken cancellationToken) =>
        new Ledger(this).BrokenRules(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await client.StopAsync();
        client.Dispose();
        await using var pooled = new NpgsqlConnection(Database);
        NpgsqlConnection.ClearPool(pooled);
    }

    private static async Task Observe(string broker, CancellationToken cancellationToken)
    {
        await using var connection =
            await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var exchange = typeof(WorkDone).FullName!.Replace($".{nameof(WorkDone)}", $":{nameof(WorkDone)}");
        await channel.ExchangeDeclareAsync(
            exchange, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(
            Observer, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellationToken);
        await channel.QueueBindAsync(Observer, exchange, "", cancellationToken: cancellationToken);
    }

    private async ValueTask SendOne(int number, TimeSpan? delay, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var options = new SendOptions();
            options.SetDestination(WorkerProcess.Endpoint);
            options.SetMessageId(IdOf(number));
            if (delay is { } wait)
                options.DelayDeliveryWith(wait);
            try
            {
                await client.Services.GetRequiredService<IMessageSession>()
                    .Send(new DoWork(Tenant, number), options, cancellationToken);
                return;
            }
            catch (Exception) when (attempt < Attempts && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(200, cancellationToken);
            }
        }
    }
}
