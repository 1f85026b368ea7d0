using System.Collections.Concurrent;
using System.Diagnostics;
using AppendFaults;
using EventStore;
using Npgsql;

namespace Chaos.EventStore;

/// <summary>
/// Callers that append numbers, by the store's own writers or in transactions of theirs, and take each answer for what
/// it says: done; refused for certain; or unknown, then they repeat.
/// </summary>
internal sealed class Callers(NpgsqlDataSource dataSource, IReadOnlyList<PostgresEventStore> stores)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly ConcurrentBag<int> done = [];
    private readonly ConcurrentBag<int> refused = [];
    private readonly ConcurrentQueue<string> late = [];
    private int next;
    private int unknown;
    private int repeated;
    private volatile bool finishing;

    /// <summary>How long a call may take; longer ones are in <see cref="Late"/>.</summary>
    public TimeSpan Bound { get; init; } = TimeSpan.FromMinutes(3);

    public int Acknowledged => done.Count;

    public IReadOnlyCollection<int> Done => done;

    /// <summary>Appends whose error said that nothing was written, and that were not tried again.</summary>
    public IReadOnlyCollection<int> Refused => refused;

    public int Unknown => unknown;

    public int Repeated => repeated;

    /// <summary>Calls that took longer than they may.</summary>
    public IReadOnlyCollection<string> Late => late;

    public TimeSpan Longest { get; private set; }

    public void Finish() => finishing = true;

    public Task Work(int count, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(caller => Task.Run(
            async () =>
            {
                while (!finishing)
                {
                    var number = Interlocked.Increment(ref next);
                    if (caller % 4 == 0)
                        await AppendJoined(number, cancellationToken);
                    else
                        await Append(stores[caller % stores.Count], number, cancellationToken);
                }
            },
            cancellationToken)));

    public async Task UntilAcknowledged(int count, Task working, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        while (Acknowledged < count)
        {
            if (working.IsCompleted)
                await working;
            if (clock.Elapsed > Patience)
                throw new TimeoutException($"{Acknowledged} of {count} appends after {Patience}.");
            await Task.Delay(20, cancellationToken);
        }
    }

    private async Task Append(PostgresEventStore store, int number, CancellationToken cancellationToken)
    {
        var open = false;
        while (true)
        {
            var clock = Stopwatch.StartNew();
            try
            {
                Expect(await store.Append(NumberedAppends.Request(number), cancellationToken), number);
                done.Add(number);
                return;
            }
            catch (AppendOutcomeUnknownException)
            {
                Interlocked.Increment(ref unknown);
                open = true;
            }
            catch (Exception e) when (e is NpgsqlException or AppendFailedException)
            {
                // This call has written nothing, says the store. Some callers leave it at that, unless an earlier call
                // may have, and the log has to agree.
                if (open || number % 3 > 0)
                    continue;
                refused.Add(number);
                return;
            }
            finally
            {
                Watch($"append {number}", clock.Elapsed);
            }
        }
    }

    /// <summary>
    /// A commit without an answer is the caller's own doubt; the same command in a new transaction ends it.
    /// </summary>
    private async Task AppendJoined(int number, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                Expect(await stores[0].Append(NumberedAppends.Request(number), transaction, cancellationToken), number);
                await transaction.CommitAsync(cancellationToken);
                done.Add(number);
                return;
            }
            catch (NpgsqlException)
            {
                Interlocked.Increment(ref repeated);
                await Task.Delay(50, cancellationToken);
            }
        }
    }

    private static void Expect(AppendResult result, int number)
    {
        if (result is not Appended)
            throw new InvalidOperationException($"Append {number} came to {result}.");
    }

    private void Watch(string what, TimeSpan time)
    {
        if (time > Bound)
            late.Enqueue($"{what} took {time}");
        if (time > Longest)
            Longest = time;
    }
}
