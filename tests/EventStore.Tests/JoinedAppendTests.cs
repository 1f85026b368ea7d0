using Npgsql;
using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

/// <summary>Appends inside the transaction of a caller, such as a message handler's.</summary>
public sealed class JoinedAppendTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PostgresEventStore Store => database.Store;

    [Fact]
    public async Task The_events_are_there_when_the_caller_commits()
    {
        var stream = NewStream();
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        Assert.IsType<Appended>(await Store.Append(To(stream, events: 2), transaction, Cancel));
        Assert.Empty(await Store.ReadStream(stream, cancellationToken: Cancel).All());
        var own = await Store.Load([stream], Basket.Fold(), transaction, Cancel);
        Assert.Equal(2, own[stream].Version);
        await transaction.CommitAsync(Cancel);
        Assert.Equal(2, (await Store.ReadStream(stream, cancellationToken: Cancel).All()).Count);
    }

    [Fact]
    public async Task Nothing_stays_when_the_caller_rolls_back()
    {
        var stream = NewStream();
        var before = await database.Contents();
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            var request = To(stream) with { Claims = [new KeyClaim($"key/{stream}", stream)] };
            Assert.IsType<Appended>(await Store.Append(request, transaction, Cancel));
            await transaction.RollbackAsync(Cancel);
        }
        Assert.Equal(before, await database.Contents());
        Assert.Equal(0, await database.Ask<int>("select open_appends from eventstore.read_head()"));
    }

    [Fact]
    public async Task A_refusal_leaves_the_transaction_usable_for_a_new_decision()
    {
        var stream = NewStream();
        var command = Guid.CreateVersion7();
        await Store.Append(To(stream, events: 3), Cancel);
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);

        var refused = await Store.Append(
            To(stream, ExpectedVersion.Exactly(2), commandId: command), transaction, Cancel);
        Assert.Equal(new VersionConflict(stream, ExpectedVersion.Exactly(2), 3), refused);

        var loaded = (await Store.Load([stream], Basket.Fold(), transaction, Cancel))[stream];
        var result = await Store.Append(To(stream, loaded.Expected, commandId: command), transaction, Cancel);
        Assert.Equal([4], Assert.IsType<Appended>(result).Versions);
        await transaction.CommitAsync(Cancel);
        Assert.Equal(4, (await Store.ReadStream(stream, cancellationToken: Cancel).All()).Count);
    }

    [Fact]
    public async Task A_savepoint_rolled_back_takes_its_append_along_and_the_next_append_is_announced_again()
    {
        var (kept, dropped) = (NewStream(), NewStream());
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await transaction.SaveAsync("before", Cancel);
        await Store.Append(To(dropped), transaction, Cancel);
        await transaction.RollbackAsync("before", Cancel);
        var mine = Assert.IsType<Appended>(await Store.Append(To(kept), transaction, Cancel));

        await Store.Append(To(NewStream()), Cancel);
        Assert.True(await Store.ReadHead(Cancel) < mine.Position);

        await transaction.CommitAsync(Cancel);
        Assert.True(await Store.ReadHead(Cancel) > mine.Position);
        Assert.Empty(await Store.ReadStream(dropped, cancellationToken: Cancel).All());
        Assert.Single(await Store.ReadStream(kept, cancellationToken: Cancel).All());
    }

    [Fact]
    public async Task A_second_append_of_a_command_to_the_same_stream_is_an_error_not_a_repetition()
    {
        var stream = NewStream();
        var command = Guid.CreateVersion7();
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await Store.Append(To(stream, commandId: command), transaction, Cancel);
        var error = await Assert.ThrowsAsync<PostgresException>(
            async () => await Store.Append(To(stream, commandId: command, from: 7), transaction, Cancel));
        Assert.Contains("appended in this transaction already", error.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_savepoint_rolled_back_lets_the_command_append_again()
    {
        var stream = NewStream();
        var request = To(stream);
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await transaction.SaveAsync("before", Cancel);
        Assert.IsType<Appended>(await Store.Append(request, transaction, Cancel));
        await transaction.RollbackAsync("before", Cancel);
        Assert.IsType<Appended>(await Store.Append(request, transaction, Cancel));
        await transaction.CommitAsync(Cancel);
        Assert.Single(await Store.ReadStream(stream, cancellationToken: Cancel).All());
    }

    [Fact]
    public async Task A_transaction_that_has_ended_is_refused()
    {
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        var transaction = await connection.BeginTransactionAsync(Cancel);
        await transaction.CommitAsync(Cancel);
        var before = await database.Contents();
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await Store.Append(To(NewStream()), transaction, Cancel));
        Assert.Equal(before, await database.Contents());
    }
}
