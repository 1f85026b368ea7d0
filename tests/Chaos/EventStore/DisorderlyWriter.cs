using EventStore;
using Npgsql;

namespace Chaos.EventStore;

/// <summary>
/// Appends as many callers do at worst: in transactions that stay open for a while, roll back whole or to a savepoint,
/// and commit in another order than their positions; or through the store's own writers, with conflicts.
/// </summary>
internal sealed class DisorderlyWriter(int number, WrittenLog log, PostgresEventStore store, NpgsqlDataSource dataSource)
{
    private readonly Random random = new(number);

    public int RolledBack { get; private set; }

    public int SavepointsRolledBack { get; private set; }

    public int Refused { get; private set; }

    public int Deadlocks { get; private set; }

    /// <summary>Appends through the store until so many events are committed by all.</summary>
    public async Task Append(long until, CancellationToken cancellationToken)
    {
        while (log.Committed < until)
        {
            var request = log.NewRequest(number, random);
            if (await store.Append(request, cancellationToken) is Appended appended)
                log.Commit(request, appended);
            else
                Refused++;
        }
    }

    /// <summary>Appends in transactions of its own until so many events are committed by all.</summary>
    public async Task AppendJoined(long until, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        while (log.Committed < until)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            try
            {
                await Fill(transaction, cancellationToken);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DeadlockDetected)
            {
                // Two transactions have come to the shared streams in opposite orders.
                Deadlocks++;
                await transaction.RollbackAsync(cancellationToken);
            }
        }
    }

    private async Task Fill(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        List<(AppendRequest Request, Appended Result)> kept = [];
        if (random.Next(30) == 0)
            await Skip(transaction.Connection!, cancellationToken);
        for (var appends = random.Next(1, 5); appends > 0; appends--)
        {
            var undone = random.Next(8) == 0;
            if (undone)
                await transaction.SaveAsync("before", cancellationToken);
            var request = log.NewRequest(number, random);
            var result = await store.Append(request, transaction, cancellationToken);
            await Hold(cancellationToken);
            if (undone)
            {
                await transaction.RollbackAsync("before", cancellationToken);
                SavepointsRolledBack++;
            }
            else if (result is Appended appended)
            {
                kept.Add((request, appended));
            }
            else
            {
                Refused++;
            }
        }
        if (random.Next(10) == 0)
        {
            RolledBack++;
            await transaction.RollbackAsync(cancellationToken);
            return;
        }
        await transaction.CommitAsync(cancellationToken);
        foreach (var (request, result) in kept)
            log.Commit(request, result);
    }

    /// <summary>Mostly not at all, sometimes for a moment, rarely for seconds.</summary>
    private Task Hold(CancellationToken cancellationToken) => random.Next(1000) switch
    {
        < 5 => Task.Delay(random.Next(500, 3000), cancellationToken),
        < 150 => Task.Delay(random.Next(1, 150), cancellationToken),
        _ => Task.CompletedTask,
    };

    /// <summary>Draws positions that nobody will fill.</summary>
    private static async Task Skip(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select nextval('eventstore.positions') from generate_series(1, 20)", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
