using Npgsql;
using Projections.Tests;

namespace Chaos.Projections;

/// <summary>
/// Reads the models all the time, as clients do, and notes what no client should see: an order or a step of one that
/// was there and is not any more, or a checkpoint that goes back. Redis, which is flushed in the run, is compared at
/// the end alone.
/// </summary>
internal sealed class Readers(ReadModelsHarness harness)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<string, long> positions = [];
    private long orders;
    private long history;
    private long listed;

    public int Readings { get; private set; }

    /// <summary>What went wrong, in words.</summary>
    public List<string> Faults { get; } = [];

    public async Task Run(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Read(cancellationToken);
                Readings++;
            }
            catch (Exception away) when (away is NpgsqlException or TimeoutException)
            {
                // The server is being restarted: a query API answers 503.
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Read(CancellationToken cancellationToken)
    {
        await using var connection = await harness.ReadModels.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "SELECT projection, position FROM read.checkpoints WHERE store = 'postgres'"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "SELECT count(*), coalesce(sum(jsonb_array_length(history)), 0) FROM read.orders"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT count(*) FROM read.customer_orders"));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (name, position) = (reader.GetString(0), reader.GetInt64(1));
            if (positions.GetValueOrDefault(name) is var before && position < before)
                Faults.Add($"{name} went from position {before} back to {position}");
            positions[name] = position;
        }

        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        orders = Rising("orders", orders, reader.GetInt64(0));
        history = Rising("steps of orders", history, reader.GetInt64(1));
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        listed = Rising("orders of customers", listed, reader.GetInt64(0));
    }

    private long Rising(string what, long before, long now)
    {
        if (now < before)
            Faults.Add($"{before} {what} became {now}");
        return now;
    }
}
