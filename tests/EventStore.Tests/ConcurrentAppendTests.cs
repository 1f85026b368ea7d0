using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

public sealed class ConcurrentAppendTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PostgresEventStore Store => database.Store;

    [Fact]
    public async Task Writers_of_the_same_streams_leave_versions_without_holes()
    {
        var streams = Enumerable.Range(0, 4).Select(_ => NewStream()).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 32).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
                Assert.IsType<Appended>(await Store.Append(To(streams[(writer + i) % 4], events: 1 + (i % 3)), Cancel));
        })));
        foreach (var stream in streams)
        {
            var read = await Store.ReadStream(stream, cancellationToken: Cancel).All();
            Assert.Equal(Enumerable.Range(1, read.Count).Select(n => (long)n), read.Select(e => e.Version));
            Assert.Equal(read.Select(e => e.Position).Order(), read.Select(e => e.Position));
        }
    }

    [Fact]
    public async Task Of_writers_that_expect_the_same_version_one_wins()
    {
        var stream = NewStream();
        for (var version = 0; version < 20; version++)
        {
            var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(
                _ => Store.Append(To(stream, ExpectedVersion.Exactly(version)), Cancel).AsTask()));
            Assert.Single(results, result => result is Appended);
            Assert.Equal(7, results.OfType<VersionConflict>().Count(conflict => conflict.Actual == version + 1));
        }
    }

    [Fact]
    public async Task Of_writers_that_claim_the_same_key_one_wins()
    {
        for (var round = 0; round < 20; round++)
        {
            var key = NewStream("key");
            var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Store.Append(
                To(NewStream()) with { Claims = [new KeyClaim(key, Guid.NewGuid().ToString())] }, Cancel).AsTask()));
            Assert.Single(results, result => result is Appended);
            Assert.Equal(7, results.OfType<KeyTaken>().Count(taken => taken.Key == key));
        }
    }

    [Fact]
    public async Task Appends_over_several_streams_in_opposite_orders_never_deadlock()
    {
        var streams = Enumerable.Range(0, 6).Select(_ => NewStream()).ToArray();
        var before = await Deadlocks();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
        {
            await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
            for (var i = 0; i < 20; i++)
            {
                var order = Random.Shared.GetItems(streams, 12).Distinct().Take(4)
                    .Select(stream => new StreamAppend(stream, ExpectedVersion.Any, [Added()]));
                await using var transaction = await connection.BeginTransactionAsync(Cancel);
                var request = new AppendRequest([.. order], Metadata());
                Assert.IsType<Appended>(writer % 2 == 0
                    ? await Store.Append(request, transaction, Cancel)
                    : await Store.Append(request, Cancel));
                await transaction.CommitAsync(Cancel);
            }
        })));
        Assert.Equal(before, await Deadlocks());

        Task<long> Deadlocks() =>
            database.Ask<long>("select deadlocks from pg_stat_database where datname = current_database()");
    }

    [Fact]
    public async Task Appends_that_travel_together_are_refused_and_taken_each_for_itself()
    {
        var taken = NewStream();
        var key = $"key/{taken}";
        await Store.Append(To(taken) with { Claims = [new KeyClaim(key, taken)] }, Cancel);
        await using var single = new PostgresEventStore(
            database.DataSource, Types(), new EventStoreOptions { AppendWriters = 1 });

        var results = await Task.WhenAll(Enumerable.Range(0, 90).Select(i => single.Append(
            (i % 3) switch
            {
                0 => To(NewStream(), ExpectedVersion.NoStream, events: 1 + (i % 4)),
                1 => To(NewStream(), ExpectedVersion.Exactly(3)),
                _ => To(NewStream()) with { Claims = [new KeyClaim(key, "another")] },
            },
            Cancel).AsTask()));

        for (var i = 0; i < results.Length; i++)
        {
            switch (i % 3)
            {
                case 0:
                    Assert.Equal([1 + (i % 4)], Assert.IsType<Appended>(results[i]).Versions);
                    break;
                case 1:
                    Assert.Equal(0, Assert.IsType<VersionConflict>(results[i]).Actual);
                    break;
                default:
                    Assert.Equal(new KeyTaken(key, taken), results[i]);
                    break;
            }
        }
        var positions = results.OfType<Appended>().SelectMany(result => result.Positions).ToList();
        Assert.Equal(positions.Count, positions.Distinct().Count());
    }

    [Fact]
    public async Task A_full_queue_makes_callers_wait_and_a_canceled_caller_leaves()
    {
        var stream = NewStream();
        await using var small = new PostgresEventStore(
            database.DataSource, Types(), new EventStoreOptions { AppendWriters = 1, AppendQueueLength = 2 });
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await Store.Append(To(stream), transaction, Cancel);

        // The writer waits for the open transaction's stream; the queue fills behind it.
        var blocked = small.Append(To(stream), Cancel).AsTask();
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var waiting = Enumerable.Range(0, 10)
            .Select(_ => small.Append(To(NewStream()), impatience.Token).AsTask()).ToList();
        await impatience.CancelAsync();
        foreach (var task in waiting)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.False(blocked.IsCompleted);

        await transaction.CommitAsync(Cancel);
        Assert.Equal([2], Assert.IsType<Appended>(await blocked).Versions);
        Assert.IsType<Appended>(await small.Append(To(NewStream()), Cancel));
    }

    [Fact]
    public async Task A_lost_connection_leaves_every_append_with_one_definite_answer()
    {
        var (results, done) = (new List<Task<AppendResult>>(), false);
        var killing = Task.Run(async () =>
        {
            while (!Volatile.Read(ref done))
            {
                await database.Execute(
                    """
                    select pg_terminate_backend(pid) from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid() and query like '%eventstore.append(%'
                    """);
                await Task.Delay(150, Cancel);
            }
        }, Cancel);
        var streams = Enumerable.Range(0, 300).Select(_ => NewStream()).ToArray();
        for (var i = 0; i < streams.Length; i++)
        {
            results.Add(Store.Append(To(streams[i], ExpectedVersion.NoStream), Cancel).AsTask());
            if (i % 30 == 0)
                await Task.Delay(60, Cancel);
        }
        // An append whose every try was killed says so: nothing was written then.
        await ((Task)Task.WhenAll(results)).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Volatile.Write(ref done, true);
        await killing;
        // Connections that were killed while they lay in the pool.
        database.DataSource.Clear();

        foreach (var (stream, result) in streams.Zip(results))
        {
            var there = await Store.ReadStream(stream, cancellationToken: Cancel).All();
            if (result.IsCompletedSuccessfully)
                Assert.Equal([there.Count], Assert.IsType<Appended>(await result).Versions);
            else if (result.Exception!.InnerException is not AppendOutcomeUnknownException)
                Assert.Empty(there);
        }
        Assert.Contains(results, result => result.IsCompletedSuccessfully);
    }
}
