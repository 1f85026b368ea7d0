using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventStore.Partitions;

/// <summary>
/// Keeps partitions of the log ahead of its end: looks when this process has appended first, when it sees the log go on
/// into the last but one, and every minute. Two whole partitions lie ahead, so an append meets none missing unless all
/// looks fail while as many events are written; then it waits for one.
/// </summary>
internal sealed class PartitionKeeper : IAsyncDisposable
{
    private const int Ahead = 2;

    private static readonly string AddSql = Sql.Read("Partitions/add_partitions.sql");
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource dataSource;
    private readonly ILogger logger;
    private readonly long size;
    private readonly SemaphoreSlim due = new(0, 1);
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock starting = new();
    private Task? keeping;
    private long enoughUpTo;

    /// <exception cref="ArgumentOutOfRangeException">The partition size is below 1,000.</exception>
    public PartitionKeeper(NpgsqlDataSource dataSource, EventStoreOptions options, ILogger logger)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PartitionSize, 1000);
        this.dataSource = dataSource;
        this.logger = logger;
        size = options.PartitionSize;
    }

    /// <summary>Tells that an append has written up to a position. Never waits, never fails.</summary>
    public void Reached(long position)
    {
        if (position < Volatile.Read(ref enoughUpTo))
            return;
        lock (starting)
        {
            if (stopping.IsCancellationRequested)
                return;
            Volatile.Write(ref enoughUpTo, long.MaxValue);
            if (keeping is null)
                keeping = Task.Run(Keep);
            else if (due.CurrentCount == 0)
                due.Release();
        }
    }

    /// <summary>Makes the partitions that are missing, on a connection or with one of its own.</summary>
    public async Task Add(NpgsqlConnection? connection, CancellationToken cancellationToken)
    {
        await using var own = connection is null ? await dataSource.OpenConnectionAsync(cancellationToken) : null;
        await using var command = new NpgsqlCommand(AddSql, connection ?? own);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = size });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Ahead });
        var endsAt = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        Volatile.Write(ref enoughUpTo, endsAt - (Ahead * size));
    }

    public async ValueTask DisposeAsync()
    {
        lock (starting)
            stopping.Cancel();
        if (keeping is not null)
            await keeping;
        stopping.Dispose();
        due.Dispose();
    }

    private async Task Keep()
    {
        try
        {
            while (true)
            {
                var done = await TryAdd();
                await due.WaitAsync(done ? Interval : RetryPause, stopping.Token);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The store is going down; the next one goes on.
        }
    }

    private async Task<bool> TryAdd()
    {
        try
        {
            await Add(connection: null, stopping.Token);
            return true;
        }
        catch (NpgsqlException e)
        {
            logger.LogWarning(e, "No partition could be added to the event log; trying again.");
            return false;
        }
    }
}
