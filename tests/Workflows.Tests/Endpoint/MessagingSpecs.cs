using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Commerce.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using RabbitMQ.Client;
using Servers;
using ServiceDefaults;

namespace Workflows.Tests.Endpoint;

/// <summary>What the services' endpoints have beyond those of the messaging library.</summary>
public sealed class MessagingSpecs(TestServers servers)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_handler_that_never_returns_fails_and_others_are_handled_after_it()
    {
        var token = TestContext.Current.CancellationToken;
        var handled = new TaskCompletionSource();
        using var host = await Start("Stuck", TimeSpan.FromSeconds(1), new NeverReturns.Answer(handled), token);
        var session = host.Services.GetRequiredService<IMessageSession>();

        await session.SendLocal(new Ask("demo", Endless: true), token);
        await session.SendLocal(new Ask("demo", Endless: false), token);

        await handled.Task.WaitAsync(Limit, token);
        var failed = await Failed(host, token);
        Assert.Contains(nameof(NeverReturns), failed, StringComparison.Ordinal);
        Assert.Contains("has not returned", failed, StringComparison.Ordinal);
        await host.StopAsync(token);
    }

    [Fact]
    public async Task What_waits_in_the_outbox_is_measured()
    {
        var token = TestContext.Current.CancellationToken;
        var measured = new ConcurrentQueue<long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Name == "outbox_backlog")
                    l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (tags.ToArray().Any(tag => tag is { Key: "endpoint", Value: "Backlog" }))
                measured.Enqueue(value);
        });
        listener.Start();
        using var host = await Start("Backlog", Limit, new NeverReturns.Answer(new()), token);
        var commerce = host.Services.GetRequiredService<IConfiguration>().GetConnectionString("commerce")!;
        await Execute(
            """
            insert into backlog."Backlog_OutboxData" ("MessageId", "Operations")
            select n::text, '[]' from generate_series(1, 3) as n
            """);

        await Until(3);
        await Execute("""update backlog."Backlog_OutboxData" set "Dispatched" = true, "DispatchedAt" = now()""");
        await Until(0);
        await host.StopAsync(token);

        async Task Until(long value)
        {
            for (var waited = TimeSpan.Zero; measured.LastOrDefault(-1) != value; waited += TimeSpan.FromSeconds(0.1))
            {
                Assert.True(waited < Limit, $"The backlog was never {value}: {string.Join(", ", measured)}.");
                await Task.Delay(100, token);
                listener.RecordObservableInstruments();
            }
        }

        async Task Execute(string sql)
        {
            await using var connection = new NpgsqlConnection(commerce);
            await connection.OpenAsync(token);
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(token);
        }
    }

    private async Task<IHost> Start(
        string endpointName, TimeSpan handlerLimit, NeverReturns.Answer answer, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder(
        [
            $"--ConnectionStrings:commerce={await servers.NewDatabase(cancellationToken)}",
            $"--ConnectionStrings:rabbitmq={await servers.NewVirtualHost(cancellationToken)}",
            $"--Messaging:HandlerTimeLimit={handlerLimit}",
        ]);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(answer);
        var schema = endpointName.ToLowerInvariant();
        builder.AddDatabase("commerce");
        builder.AddSchema("commerce", schema);
        builder.AddOutboxBacklog("commerce", schema, endpointName);
        builder.AddCommerceEndpoint(endpointName, endpoint =>
        {
            endpoint.AssemblyScanner().Disable = true;
            endpoint.AddHandler<NeverReturns>();
            endpoint.LimitMessageProcessingConcurrencyTo(1);
            endpoint.UsePostgres(builder.Configuration.GetConnectionString("commerce")!, schema);
            endpoint.Recoverability()
                .Immediate(immediate => immediate.NumberOfRetries(0))
                .Delayed(delayed => delayed.NumberOfRetries(0));
        });
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return host;
    }

    /// <summary>Why the next message in the error queue failed.</summary>
    private static async Task<string> Failed(IHost host, CancellationToken cancellationToken)
    {
        var broker = host.Services.GetRequiredService<IConfiguration>().GetConnectionString("rabbitmq")!;
        await using var connection =
            await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        for (var waited = TimeSpan.Zero; waited < Limit; waited += TimeSpan.FromSeconds(0.1))
        {
            if (await channel.BasicGetAsync("error", autoAck: true, cancellationToken) is { } message)
            {
                return System.Text.Encoding.UTF8.GetString(
                    (byte[])message.BasicProperties.Headers!["NServiceBus.ExceptionInfo.Message"]!);
            }

            await Task.Delay(100, cancellationToken);
        }

        throw new TimeoutException("No message came into the error queue.");
    }
}

/// <summary>For the handler below.</summary>
internal sealed record Ask(string Tenant, bool Endless) : ICommerceCommand;

/// <summary>Waits for a statement that takes an hour and hears of no cancellation, or answers.</summary>
internal sealed class NeverReturns(NeverReturns.Answer answer) : IHandleMessages<Ask>
{
    public async Task Handle(Ask message, IMessageHandlerContext context)
    {
        if (!message.Endless)
        {
            answer.Given.SetResult();
            return;
        }

        var session = context.SynchronizedStorageSession.SqlPersistenceSession();
        await using var sleep = session.Connection.CreateCommand();
        sleep.Transaction = session.Transaction;
        sleep.CommandTimeout = 0;
        sleep.CommandText = "select pg_sleep(3600)";
        await sleep.ExecuteNonQueryAsync(CancellationToken.None);
    }

    internal sealed record Answer(TaskCompletionSource Given);
}
