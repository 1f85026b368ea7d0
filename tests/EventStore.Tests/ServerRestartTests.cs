using Npgsql;
using Servers;
using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

/// <summary>On a server of its own, as the others share theirs.</summary>
public sealed class ServerRestartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Subscriptions_and_appends_go_on_when_the_server_was_restarted_or_killed()
    {
        await using var servers = new TestServers();
        await using var dataSource = NpgsqlDataSource.Create(await servers.NewDatabase(Cancel));
        var server = await servers.Postgres(Cancel);
        await using var store = new PostgresEventStore(dataSource, Types());
        await store.Migrate(Cancel);
        await using var follower = new Follower(store, 0, new SubscriptionOptions());
        await AppendAndReceive();

        await server.Restart(Cancel);
        await AppendAndReceive();

        await server.Kill(Cancel);
        await AppendAndReceive();

        async Task AppendAndReceive()
        {
            var appended = Assert.IsType<Appended>(await store.Append(To(NewStream(), events: 2), Cancel));
            var received = (await follower.Until(2)).SelectMany(batch => batch.Events);
            Assert.Equal(appended.Positions, received.Select(recorded => recorded.Position));
        }
    }
}
