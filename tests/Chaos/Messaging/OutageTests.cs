using MessageFaults;
using Servers;

namespace Chaos.Messaging;

/// <summary>The broker and the database go away under load, in good order or not, and come back.</summary>
public sealed class OutageTests(TestServers servers, ITestOutputHelper output)
{
    private const int Messages = 10_000;
    private const int Outages = 3;

    [Fact]
    public Task A_broker_that_is_restarted_costs_no_message() =>
        Survives(servers.RabbitMQ, (broker, token) => broker.Restart(token));

    [Fact]
    public Task A_broker_that_is_killed_costs_no_message() =>
        Survives(servers.RabbitMQ, (broker, token) => broker.Kill(token));

    [Fact]
    public Task A_database_that_is_restarted_costs_no_message() =>
        Survives(servers.Postgres, (database, token) => database.Restart(token));

    [Fact]
    public Task A_database_that_is_killed_costs_no_message() =>
        Survives(servers.Postgres, (database, token) => database.Kill(token));

    [Fact]
    public Task Broker_and_database_that_are_killed_at_once_cost_no_message() => Survives(
        servers.RabbitMQ,
        async (broker, token) => await Task.WhenAll(broker.Kill(token), (await servers.Postgres(token)).Kill(token)));

    private async Task Survives(
        Func<CancellationToken, Task<TestServer>> which, Func<TestServer, CancellationToken, Task> strike)
    {
        var token = TestContext.Current.CancellationToken;
        await using var run = await FaultRun.Start(servers, output, Messages, token);
        var server = await which(token);

        var sending = Task.Run(
            async () =>
            {
                // A third before each outage, so that each meets a worker that is busy and a sender that sends.
                foreach (var part in Enumerable.Range(0, Messages).Chunk((Messages / Outages) + 1))
                {
                    var striking = Struck(part);
                    await run.Work.Send(part, token);
                    await striking;
                }
            },
            token);
        await run.UntilHandled(crew: 2, () => (Step.None, 1), token);
        await sending;

        await run.AssertAllRulesHold(token);
        Assert.True(run.Deaths == 0, "A worker ended by itself in an outage.");

        async Task Struck(int[] part)
        {
            await run.Work.UntilHandled(part[0] + (part.Length / 4), token);
            await strike(server, token);
        }
    }
}
