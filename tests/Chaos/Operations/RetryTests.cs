using System.Text;
using Chaos.Queries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using RabbitMQ.Client;
using Servers;

namespace Chaos.Operations;

/// <summary>Operations dies and the broker restarts while failed messages come in and while they are retried.</summary>
public sealed class RetryTests(TestServers servers, ITestOutputHelper output)
{
    private const int Messages = 10_000;
    private const string Groups = "recoverability/groups/Message%20Type";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    [Fact]
    public async Task Messages_are_retried_each_exactly_once_while_Operations_dies_and_the_broker_restarts()
    {
        var token = TestContext.Current.CancellationToken;
        var broker = await servers.NewVirtualHost(token);
        var database = await servers.NewDatabase(token);
        var (process, client) = Start(broker, database);
        await using var _ = process;
        using var __ = client;
        using var endpoint = await Packing.Start(broker, database, token);
        var random = new Random(7);
        var deaths = 0;

        var session = endpoint.Services.GetRequiredService<IMessageSession>();
        var sending = Parallel.ForAsync(0, Messages, token, async (number, cancellation) =>
            await session.SendLocal(new PackParcel(number), cancellation));
        // The count comes from an instance that is up: each lives for a while before it dies.
        while (await client.Count("unresolved", token) < Messages)
        {
            await Task.Delay(random.Next(1000, 4000), token);
            process.Kill();
            deaths++;
        }

        await sending;
        await client.Until("unresolved", Messages, Patience, token);
        var group = (await client.Get(Groups, token)).EnumerateArray().Single();
        Assert.Equal(Messages, group.GetProperty("count").GetInt32());
        output.WriteLine($"{Messages} taken in; Operations died {deaths} times");

        endpoint.Services.GetRequiredService<PackingMachine>().Broken = false;
        await client.Post($"recoverability/groups/{group.GetProperty("id").GetString()}/errors/retry", token);
        var server = await servers.RabbitMQ(token);
        var (killed, restarts, progress) = (0, 0, 0.0);
        while (await client.Count("resolved", token) < Messages)
        {
            await Task.Delay(random.Next(500, 3000), token);
            if (killed < 12)
            {
                process.Kill();
                killed++;
            }

            if (killed % 4 == 0 && restarts < 3)
            {
                await server.Kill(token);
                restarts++;
            }

            foreach (var one in (await client.Get(Groups, token)).EnumerateArray())
            {
                var now = one.GetProperty("operation_progress").GetDouble();
                Assert.InRange(now, 0, 1);
                progress = now;
            }
        }

        output.WriteLine($"Operations died {killed} times and the broker {restarts} times during the retry");
        Assert.True(killed > 2 && restarts > 0, "Nothing much happened: the run proves little.");
        await client.Until("resolved", Messages, Patience, token);
        Assert.Equal(0, await client.Count("retryissued", token));
        Assert.Equal(0, await client.Count("unresolved", token));
        await AssertPackedOnce(database, token);

        var done = (await client.Get(Groups, token)).EnumerateArray().Single();
        Assert.Equal("Completed", done.GetProperty("operation_status").GetString());
        Assert.Equal(1, done.GetProperty("operation_progress").GetDouble());
        var history = await client.Get("recoverability/history", token);
        Assert.Equal(
            Messages,
            history.GetProperty("historic_operations")[0].GetProperty("number_of_messages_processed").GetInt32());
        Assert.Equal(0u, await Waiting(broker, "error", token) + await Waiting(broker, Packing.Endpoint, token));
        await AssertAuditedOnce(database, broker, token);
        await endpoint.StopAsync(token);
    }

    [Fact]
    public async Task Bytes_without_headers_large_bodies_and_failures_delivered_twice_are_taken_in_once_each()
    {
        var token = TestContext.Current.CancellationToken;
        var broker = await servers.NewVirtualHost(token);
        var database = await servers.NewDatabase(token);
        var (process, client) = Start(broker, database);
        await using var _ = process;
        using var __ = client;
        await client.Until("unresolved", 0, Patience, token);
        await using var connection = await Connect(broker, token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: token);

        // Nothing but bytes, some of them no text in any encoding.
        await Publish(channel, new BasicProperties(), [0xff, 0x00, 0xfe, 0x80, 0x01], token);
        await Publish(channel, new BasicProperties(), Encoding.UTF8.GetBytes("no json"), token);
        var large = new byte[64 * 1024 * 1024];
        new Random(3).NextBytes(large);
        await Publish(channel, Failed("large"), large, token);
        for (var copies = 0; copies < 5; copies++)
            await Publish(channel, Failed("twice"), [1, 2, 3], token);
        // The broker delivers again what was not acknowledged.
        process.Kill();
        await client.Until("unresolved", 4, Patience, token);

        foreach (var message in (await client.Get("errors?status=unresolved", token)).EnumerateArray())
            Assert.Equal(1, message.GetProperty("number_of_processing_attempts").GetInt32());
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{process.Port}/api/") };
        var found = (await client.Get("messages/search/large", token)).EnumerateArray().Single();
        var body = await http.GetByteArrayAsync(found.GetProperty("body_url").GetString()!.TrimStart('/'), token);
        Assert.True(large.AsSpan().SequenceEqual(body), "The large body came back changed.");
        Assert.Equal(0u, await Waiting(broker, "error", token));
    }

    private static (ServiceProcess Process, OperationsClient Client) Start(string broker, string database)
    {
        var process = ServiceProcess.Start(
            "Operations",
            $"--ConnectionStrings:commerce={database}",
            $"--ConnectionStrings:rabbitmq={broker}",
            "--environment=Development", // Where nobody signs on.
            "--Logging:LogLevel:Default=None");
        return (process, new OperationsClient(process.Port));
    }

    /// <summary>Copies of what was handled came in while Operations died, too.</summary>
    private static async Task AssertAuditedOnce(string database, string broker, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var count = source.CreateCommand(
            """
            select count(*), count(distinct message_id), (select sum(count)::bigint from operations.audit_counts)
            from operations.audited_messages
            where is_retried
            """);
        for (var tries = 0; ; tries++)
        {
            await using var row = await count.ExecuteReaderAsync(cancellationToken);
            await row.ReadAsync(cancellationToken);
            var (all, different, counted) = (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
            if (all >= Messages && await Waiting(broker, "audit", cancellationToken) == 0)
            {
                Assert.Equal((Messages, Messages, Messages), (all, different, counted));
                return;
            }

            Assert.True(tries < 600, $"{all} of {Messages} handled messages came into the audit.");
            await Task.Delay(500, cancellationToken);
        }
    }

    private static async Task AssertPackedOnce(string database, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancellationToken);
        await using var count = new NpgsqlCommand("select count(*), count(distinct number) from packed", connection);
        await using var reader = await count.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        Assert.Equal((Messages, Messages), (reader.GetInt64(0), reader.GetInt64(1)));
    }

    private static BasicProperties Failed(string id) => new()
    {
        MessageId = id,
        Headers = new Dictionary<string, object?>
        {
            ["NServiceBus.MessageId"] = id,
            ["NServiceBus.FailedQ"] = Packing.Endpoint,
            ["NServiceBus.ProcessingEndpoint"] = Packing.Endpoint,
            ["NServiceBus.TimeOfFailure"] = "2026-01-02 03:04:05:678901 Z",
            ["NServiceBus.ExceptionInfo.ExceptionType"] = "Some.Exception",
        },
    };

    private static ValueTask Publish(
        IChannel channel, BasicProperties properties, byte[] body, CancellationToken cancellationToken) =>
        channel.BasicPublishAsync("", "error", mandatory: true, properties, body, cancellationToken);

    private static async Task<uint> Waiting(string broker, string queue, CancellationToken cancellationToken)
    {
        await using var connection = await Connect(broker, cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        return (await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).MessageCount;
    }

    private static Task<IConnection> Connect(string broker, CancellationToken cancellationToken) =>
        new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync(cancellationToken);
}
