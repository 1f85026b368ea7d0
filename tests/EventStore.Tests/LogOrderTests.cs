using System.Data;
using Npgsql;
using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

/// <summary>No gap, ever: a reader never passes a position that can still be filled.</summary>
public sealed class LogOrderTests(StoreDatabase database) : IClassFixture<StoreDatabase>, IAsyncDisposable
{
    private readonly List<NpgsqlConnection> opened = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PostgresEventStore Store => database.Store;

    [Fact]
    public async Task A_reader_waits_for_a_lower_position_that_commits_later()
    {
        await using var slow = await Open();
        var late = Assert.IsType<Appended>(await Store.Append(To(NewStream()), slow, Cancel));
        var early = Assert.IsType<Appended>(await Store.Append(To(NewStream()), Cancel));
        Assert.True(late.Position < early.Position);

        Assert.True(await Store.ReadHead(Cancel) < late.Position);
        Assert.DoesNotContain(early.Position, await PositionsAfter(late.Position - 1));

        await slow.CommitAsync(Cancel);
        Assert.Equal([late.Position, early.Position], await PositionsAfter(late.Position - 1));
    }

    [Fact]
    public async Task A_transaction_older_than_another_may_draw_the_higher_position_and_commit_first()
    {
        // The order of transaction ids and that of positions differ: a reader that trusted either alone would lose one.
        await using var older = await Open();
        await Touch(older);
        await using var younger = await Open();
        await Touch(younger);
        var lower = Assert.IsType<Appended>(await Store.Append(To(NewStream()), younger, Cancel));
        var higher = Assert.IsType<Appended>(await Store.Append(To(NewStream()), older, Cancel));
        await older.CommitAsync(Cancel);
        Assert.True(await Store.ReadHead(Cancel) < lower.Position);
        await younger.CommitAsync(Cancel);
        Assert.Equal([lower.Position, higher.Position], await PositionsAfter(lower.Position - 1));
    }

    [Fact]
    public async Task A_rollback_leaves_a_hole_that_holds_nobody_back()
    {
        var hole = 0L;
        await using (var transaction = await Open())
        {
            hole = Assert.IsType<Appended>(await Store.Append(To(NewStream()), transaction, Cancel)).Position;
            await transaction.RollbackAsync(Cancel);
        }
        var next = Assert.IsType<Appended>(await Store.Append(To(NewStream()), Cancel));
        Assert.True(next.Position > hole);
        Assert.Equal([next.Position], await PositionsAfter(hole - 1));
        Assert.Equal(next.Position, await Store.ReadHead(Cancel));
    }

    [Fact]
    public async Task Only_transactions_that_append_hold_readers_back()
    {
        await using var report = await Open();
        await Touch(report);
        const string Reading = "select pg_advisory_xact_lock_shared(42), count(*) from eventstore.events";
        await using (var reading = new NpgsqlCommand(Reading, report.Connection))
            await reading.ExecuteNonQueryAsync(Cancel);
        var result = Assert.IsType<Appended>(await Store.Append(To(NewStream()), Cancel));
        Assert.Equal(result.Position, await Store.ReadHead(Cancel));
        await report.RollbackAsync(Cancel);
    }

    [Fact]
    public async Task The_head_is_refused_where_it_would_not_be_safe()
    {
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, Cancel);
        await using var command = new NpgsqlCommand("select * from eventstore.read_head()", connection);
        var error = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancel));
        Assert.Contains("READ COMMITTED only, not in REPEATABLE READ", error.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readers_beside_many_writers_see_every_event_once_and_in_order()
    {
        var start = await Store.ReadHead(Cancel);
        using var finished = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var lastWritten = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var readers = Enumerable.Range(0, 3).Select(n => Task.Run(() => Follow(batchSize: 7 + (n * 50)))).ToArray();

        var written = (await Task.WhenAll(Enumerable.Range(0, 32).Select(Write))).SelectMany(mine => mine).ToList();
        written.Add(Assert.IsType<Appended>(await Store.Append(To(NewStream()), Cancel)).Position);
        lastWritten.SetResult(written[^1]);

        foreach (var read in await Task.WhenAll(readers))
            Assert.Equal(written.Order(), read);

        async Task<List<long>> Write(int writer)
        {
            var (mine, random) = (new List<long>(), new Random(writer));
            await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
            for (var i = 0; i < 30; i++)
            {
                await using var transaction = await connection.BeginTransactionAsync(Cancel);
                if (random.Next(2) == 0)
                    await Touch(transaction);
                var positions = new List<long>();
                for (var appends = random.Next(1, 4); appends > 0; appends--)
                {
                    var request = To(NewStream(), events: random.Next(1, 5));
                    var result = await Store.Append(request, transaction, Cancel);
                    positions.AddRange(Assert.IsType<Appended>(result).Positions);
                    if (random.Next(3) == 0)
                        await Task.Delay(random.Next(1, 20), Cancel);
                }
                if (random.Next(5) == 0)
                {
                    await transaction.RollbackAsync(Cancel);
                    continue;
                }
                await transaction.CommitAsync(Cancel);
                mine.AddRange(positions);
                if (i % 5 != 0)
                    continue;
                var own = await Store.Append(To(NewStream(), events: 2), Cancel);
                mine.AddRange(Assert.IsType<Appended>(own).Positions);
            }
            return mine;
        }

        async Task<List<long>> Follow(int batchSize)
        {
            var read = new List<long>();
            var options = new SubscriptionOptions(BatchSize: batchSize);
            await foreach (var batch in Store.Subscribe(start, options, finished.Token))
            {
                read.AddRange(batch.Events.Select(e => e.Position));
                if (lastWritten.Task.IsCompletedSuccessfully && batch.Position >= await lastWritten.Task)
                    return read;
                if (batch.Position < batch.Head)
                    continue;
                // Live: wait until the writers are done, or more has come.
                await Task.WhenAny(lastWritten.Task, Task.Delay(5, finished.Token));
                if (lastWritten.Task.IsCompletedSuccessfully && batch.Position >= await lastWritten.Task)
                    return read;
            }
            return read;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in opened)
            await connection.DisposeAsync();
    }

    private async Task<NpgsqlTransaction> Open()
    {
        var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        opened.Add(connection);
        return await connection.BeginTransactionAsync(Cancel);
    }

    /// <summary>Gives a transaction its id before it appends.</summary>
    private static async Task Touch(NpgsqlTransaction transaction)
    {
        await using var command = new NpgsqlCommand("select pg_current_xact_id()", transaction.Connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private async Task<List<long>> PositionsAfter(long position) =>
        [.. (await Store.ReadLog(position, cancellationToken: Cancel).All()).Select(e => e.Position)];
}
