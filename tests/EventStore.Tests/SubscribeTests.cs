using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

public sealed class SubscribeTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>So long that a test which passes has been woken by a notification.</summary>
    private static readonly TimeSpan NoPolling = TimeSpan.FromMinutes(10);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PostgresEventStore Store => database.Store;

    [Fact]
    public async Task A_subscription_catches_up_in_batches_and_then_follows_live()
    {
        var stream = NewStream();
        var first = Assert.IsType<Appended>(await Store.Append(To(stream, events: 7), Cancel));
        await using var follower = new Follower(
            Store, first.Positions[0] - 1, new SubscriptionOptions(BatchSize: 3, PollInterval: NoPolling));

        var caughtUp = await follower.Until(7);
        Assert.Equal(first.Positions, caughtUp.SelectMany(batch => batch.Events).Select(e => e.Position));
        Assert.All(caughtUp, batch => Assert.InRange(batch.Events.Count, 1, 3));

        for (var i = 0; i < 5; i++)
        {
            var live = Assert.IsType<Appended>(await Store.Append(To(stream), Cancel));
            var batch = Assert.Single(await follower.Until(1));
            Assert.Equal((live.Position, live.Position), (batch.Position, batch.Head));
        }
    }

    [Fact]
    public async Task An_append_in_a_callers_transaction_arrives_after_its_commit_without_polling()
    {
        await using var follower = new Follower(
            Store, await Store.ReadHead(Cancel), new SubscriptionOptions(PollInterval: NoPolling));
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        for (var i = 0; i < 5; i++)
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancel);
            var appended = Assert.IsType<Appended>(await Store.Append(To(NewStream()), transaction, Cancel));
            await Task.Delay(i * 20, Cancel);
            await transaction.CommitAsync(Cancel);
            Assert.Equal(appended.Position, (await follower.Until(1))[^1].Position);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)] // Long enough to be asked for in the lock table.
    public async Task A_subscription_waits_for_a_missing_position_and_goes_past_one_that_was_rolled_back(int held)
    {
        await using var follower = new Follower(
            Store, await Store.ReadHead(Cancel), new SubscriptionOptions(PollInterval: NoPolling));
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        List<long> written = [];
        await using (var open = await connection.BeginTransactionAsync(Cancel))
        {
            written.AddRange(Assert.IsType<Appended>(await Store.Append(To(NewStream()), open, Cancel)).Positions);
            written.AddRange(Assert.IsType<Appended>(await Store.Append(To(NewStream()), Cancel)).Positions);
            await Task.Delay(held, Cancel);
            await open.CommitAsync(Cancel);
        }

        await using (var undone = await connection.BeginTransactionAsync(Cancel))
        {
            await Store.Append(To(NewStream()), undone, Cancel);
            written.AddRange(Assert.IsType<Appended>(await Store.Append(To(NewStream()), Cancel)).Positions);
            await Task.Delay(held, Cancel);
            await undone.RollbackAsync(Cancel);
        }

        written.AddRange(Assert.IsType<Appended>(await Store.Append(To(NewStream()), Cancel)).Positions);
        var read = (await follower.Until(written.Count)).SelectMany(batch => batch.Events);
        Assert.Equal(written, read.Select(e => e.Position));
    }

    [Fact]
    public async Task Another_process_is_heard()
    {
        await using var follower = new Follower(
            Store, await Store.ReadHead(Cancel), new SubscriptionOptions(PollInterval: NoPolling));
        await using var other = new PostgresEventStore(database.DataSource, Types());
        await other.Append(To(NewStream()), Cancel);
        Assert.Single((await follower.Until(1)).SelectMany(batch => batch.Events));
    }

    [Fact]
    public async Task Polling_finds_what_nobody_announced()
    {
        await using var follower = new Follower(
            Store, await Store.ReadHead(Cancel), new SubscriptionOptions(PollInterval: TimeSpan.FromMilliseconds(50)));
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        await using var command = new Npgsql.NpgsqlCommand(
            """
            insert into eventstore.events (
                stream_id, version, decided_at, event_id, command_id, schema_version, stream, type, tenant, data)
            values (-1, 1, now(), gen_random_uuid(), gen_random_uuid(), 1, 'by hand', 'item-removed', 'demo',
                '{"item":"x"}')
            """,
            connection);
        await command.ExecuteNonQueryAsync(Cancel);
        Assert.Equal(new ItemRemoved("x"), (await follower.Until(1))[^1].Events[^1].Data);
    }

    [Fact]
    public async Task A_filter_skips_events_but_the_position_moves_past_them()
    {
        var start = await Store.ReadHead(Cancel);
        var skipped = Assert.IsType<Appended>(await Store.Append(To(NewStream(), events: 5), Cancel));
        await using var follower = new Follower(
            Store, start, new SubscriptionOptions(new LogFilter(Types: ["item-removed"]), PollInterval: NoPolling));
        var batch = await follower.Next();
        Assert.Empty(batch.Events);
        Assert.Equal(skipped.Position, batch.Position);
        var stream = NewStream();
        await Store.Append(
            new AppendRequest(
                [new StreamAppend(stream, ExpectedVersion.NoStream, [Added(), new ItemRemoved("a")])], Metadata()),
            Cancel);
        Assert.Equal(new ItemRemoved("a"), Assert.Single((await follower.Until(1)).SelectMany(b => b.Events)).Data);
    }

    [Fact]
    public async Task Subscriptions_survive_the_loss_of_every_connection()
    {
        await using var follower = new Follower(
            Store, await Store.ReadHead(Cancel), new SubscriptionOptions(PollInterval: TimeSpan.FromSeconds(1)));
        for (var i = 0; i < 5; i++)
        {
            await Store.Append(To(NewStream()), Cancel);
            await follower.Until(1);
            await database.Execute(
                """
                select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid()
                """);
        }
        await Store.Append(To(NewStream()), Cancel);
        await follower.Until(1);
    }

    [Fact]
    public async Task A_canceled_subscription_ends()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var head = await Store.ReadHead(Cancel);
        var following = Task.Run(() => Store.Subscribe(head, cancellationToken: stop.Token).All(), Cancel);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following.WaitAsync(Patience, Cancel));
    }
}
