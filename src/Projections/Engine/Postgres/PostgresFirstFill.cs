using Npgsql;
using Projections.Engine.Checkpoints;

namespace Projections.Engine.Postgres;

/// <summary>
/// The first rows of a build, in one transaction with the checkpoint: COPY into the empty table without indexes, while
/// later rows are still folded. Then the indexes are made, and rows that have changed again go in by them.
/// </summary>
/// <param name="alongside">The statements that go with the rows: removed keys, totals, checkpoint.</param>
internal sealed class PostgresFirstFill<TKey, TRow>(
    PostgresFilling<TKey, TRow> table,
    WriterSession session,
    Func<IReadOnlyCollection<RowChange<TKey, TRow>>, IReadOnlyDictionary<object, Figures>, Advance, NpgsqlBatch> alongside)
    : IFirstFill<TKey, TRow>
    where TKey : notnull
    where TRow : class
{
    private readonly CancellationTokenSource leaving = new();
    private NpgsqlTransaction? transaction;
    private EmptyTable? begun;

    public Task Writing { get; private set; } = Task.CompletedTask;

    public async Task Write(IReadOnlyCollection<RowChange<TKey, TRow>> rows, CancellationToken cancellationToken)
    {
        await DataRefusal.Explain(Writing);
        await Begin(cancellationToken);
        Writing = Task.Run(() => table.Add(rows, session.Connection, leaving.Token), CancellationToken.None);
    }

    public Task Complete(
        IReadOnlyCollection<RowChange<TKey, TRow>> rows,
        IReadOnlyCollection<RowChange<TKey, TRow>> changedAgain,
        IReadOnlyDictionary<object, Figures> totals,
        Advance advance,
        CancellationToken cancellationToken) =>
        DataRefusal.Explain(CompleteOnce(rows, changedAgain, totals, advance, cancellationToken));

    public async ValueTask DisposeAsync()
    {
        await leaving.CancelAsync();
        await Writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (transaction is not null)
            await transaction.DisposeAsync();
        leaving.Dispose();
    }

    private async Task Begin(CancellationToken cancellationToken)
    {
        if (transaction is not null)
            return;
        transaction = await session.Connection.BeginTransactionAsync(cancellationToken);
        begun = await table.Begin(session.Connection, cancellationToken);
    }

    private async Task CompleteOnce(
        IReadOnlyCollection<RowChange<TKey, TRow>> rows,
        IReadOnlyCollection<RowChange<TKey, TRow>> changedAgain,
        IReadOnlyDictionary<object, Figures> totals,
        Advance advance,
        CancellationToken cancellationToken)
    {
        var connection = session.Connection;
        await Writing;
        await Begin(cancellationToken);
        await table.LeaveRoom(begun!, connection, cancellationToken);
        await table.Add(rows, connection, cancellationToken);
        await table.MakeIndexes(begun!.Indexes, connection, cancellationToken);
        if (changedAgain.Count > 0)
            await table.Merge(changedAgain, connection, cancellationToken);
        await table.Analyze(begun.Indexes, connection, cancellationToken);
        await using (var batch = alongside(changedAgain, totals, advance))
            await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction!.CommitAsync(cancellationToken);
        session.Advanced(advance);
    }
}
