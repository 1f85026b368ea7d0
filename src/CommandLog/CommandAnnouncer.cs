using System.Diagnostics;
using System.Threading.Channels;
using CommandLog.Sql;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CommandLog;

/// <summary>
/// Tells all processes which commands are done. Not from the deciding transaction: one that has called NOTIFY commits
/// under a lock of the whole server, one after the other, each waiting for the disk. So one announcement speaks for all
/// outcomes of the last milliseconds, on a connection of its own, which does not wait for the disk. What is not yet
/// committed then is announced with the next.
/// </summary>
internal sealed class CommandAnnouncer(NpgsqlDataSource database, ILogger<CommandAnnouncer> logger) : BackgroundService
{
    /// <summary>What fits into a notification of 8,000 bytes.</summary>
    private const int Largest = 200;

    /// <summary>Beyond this many, those who wait find out by themselves.</summary>
    private const int MostPending = 10_000;

    private const int PatienceInSeconds = 5;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(40);

    /// <summary>What is not committed by then was most likely rolled back: a later attempt tells of it again.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    private readonly Channel<Guid> decided = Channel.CreateBounded<Guid>(
        new BoundedChannelOptions(MostPending) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Never waits, never fails.</summary>
    public void Decided(Guid commandId) => decided.Writer.TryWrite(commandId);

    /// <summary>The ids that an announcement holds; what makes no sense is left out.</summary>
    public static IEnumerable<Guid> Read(string payload)
    {
        foreach (var text in payload.Split(' '))
        {
            if (Guid.TryParse(text, out var id))
                yield return id;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var untold = new Dictionary<Guid, long>(Largest);
        var pause = ShortestPause;
        while (untold.Count > 0 || await decided.Reader.WaitToReadAsync(stoppingToken))
        {
            await Task.Delay(pause, stoppingToken);
            var news = Take(untold);
            await Announce(untold, stoppingToken);
            pause = news || untold.Count == 0 ? ShortestPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
            foreach (var (id, since) in untold)
            {
                if (Stopwatch.GetElapsedTime(since) > Memory)
                    untold.Remove(id);
            }
        }
    }

    /// <returns>Whether there were any.</returns>
    private bool Take(Dictionary<Guid, long> untold)
    {
        var before = untold.Count;
        while (untold.Count < Largest && decided.Reader.TryRead(out var id))
            untold[id] = Stopwatch.GetTimestamp();
        return untold.Count > before;
    }

    /// <summary>Announces those that are committed, and forgets them.</summary>
    private async Task Announce(Dictionary<Guid, long> untold, CancellationToken stoppingToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(stoppingToken);
            await using var command = new NpgsqlCommand(SqlFile.Announce, connection)
            {
                CommandTimeout = PatienceInSeconds,
            };
            command.Parameters.Add(StatusQuery.Ids([.. untold.Keys]));
            await command.PrepareAsync(stoppingToken);
            await using var told = await command.ExecuteReaderAsync(stoppingToken);
            while (await told.ReadAsync(stoppingToken))
                untold.Remove(told.GetGuid(0));
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            untold.Clear();
            logger.LogDebug(exception, "An announcement was lost; those who wait find the outcomes by polling.");
        }
    }
}
