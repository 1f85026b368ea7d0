using EventStore;
using Npgsql;

namespace Chaos.EventStore;

/// <summary>
/// One way of reading the log to its end and beyond, in a store of its own as another process would have.
/// </summary>
internal sealed class LogFollower(
    string name, string connectionString, EventTypes types, PositionSet written, LogFilter? filter) : IAsyncDisposable
{
    private readonly NpgsqlDataSource dataSource = NpgsqlDataSource.Create(connectionString);
    private readonly ReaderCheck check = new(WrittenLog.Capacity, whole: filter is null);
    private readonly CancellationTokenSource stopping = new();
    private long checkpoint;
    private int restarts;
    private Task reading = Task.CompletedTask;

    /// <summary>Everything up to here was read.</summary>
    public long Checkpoint => Interlocked.Read(ref checkpoint);

    /// <summary>Reads the log again and again from the last event it has seen.</summary>
    public LogFollower Poll()
    {
        reading = Task.Run(() => UntilStopped(async () =>
        {
            await using var store = new PostgresEventStore(dataSource, types);
            while (true)
            {
                var head = await store.ReadHead(stopping.Token);
                await foreach (var read in store.ReadLog(check.Last, filter, cancellationToken: stopping.Token))
                    check.Take(read);
                Interlocked.Exchange(ref checkpoint, head);
                await Task.Delay(20, stopping.Token);
            }
        }));
        return this;
    }

    /// <summary>Subscribes.</summary>
    /// <param name="restarting">
    /// Now and then the reader goes down, with or without the batch that it was given, and comes back in a new store
    /// from its checkpoint.
    /// </param>
    public LogFollower Subscribe(int batchSize, bool restarting = false)
    {
        reading = Task.Run(() => UntilStopped(async () =>
        {
            while (true)
            {
                await using var store = new PostgresEventStore(dataSource, types);
                await Follow(store, new SubscriptionOptions(filter, batchSize), restarting ? 25 : int.MaxValue);
                restarts++;
            }
        }));
        return this;
    }

    /// <summary>
    /// As one reads who trusts the order of positions alone, without the safe head: it has to lose events, or the run
    /// has proven nothing of the others.
    /// </summary>
    public LogFollower ReadNaively()
    {
        reading = Task.Run(() => UntilStopped(async () =>
        {
            var last = 0L;
            while (true)
            {
                await using (var command = dataSource.CreateCommand(
                    "select position from eventstore.events where position > $1 order by position limit 1000"))
                {
                    command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = last });
                    await using var reader = await command.ExecuteReaderAsync(stopping.Token);
                    while (await reader.ReadAsync(stopping.Token))
                        check.Seen.Add(last = reader.GetInt64(0));
                }
                Interlocked.Exchange(ref checkpoint, last);
                await Task.Delay(5, stopping.Token);
            }
        }));
        return this;
    }

    /// <exception cref="TimeoutException">It gets no further.</exception>
    public async Task Reached(long position, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        while (Checkpoint < position)
        {
            if (reading.IsCompleted)
                await reading;
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"{name} stands at {Checkpoint} of {position}.");
            await Task.Delay(50, cancellationToken);
        }
        await stopping.CancelAsync();
        await reading;
    }

    public IReadOnlyList<string> Faults() => [.. check.Faults(written).Select(fault => $"{name}: {fault}")];

    public long Lost => written.CountWithout(check.Seen);

    public override string ToString() => $"{name}: {check.Seen.Count} events, {restarts} restarts";

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await dataSource.DisposeAsync();
        stopping.Dispose();
    }

    private async Task Follow(PostgresEventStore store, SubscriptionOptions options, int oneOf)
    {
        await foreach (var batch in store.Subscribe(Checkpoint, options, stopping.Token))
        {
            if (Random.Shared.Next(oneOf) == 0)
                return;
            foreach (var read in batch.Events)
                check.Take(read);
            Interlocked.Exchange(ref checkpoint, batch.Position);
            if (Random.Shared.Next(oneOf) == 0)
                return;
        }
    }

    private async Task UntilStopped(Func<Task> read)
    {
        try
        {
            await read();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // All is read.
        }
    }
}
