using System.Threading.Channels;
using CommandLog.Sql;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CommandLog;

/// <summary>
/// Tells all processes which commands were decided. Not from the deciding transaction: one that has called NOTIFY
/// commits under a lock of the whole server, one after the other, each waiting for the disk. So one announcement speaks
/// for all outcomes of the last milliseconds, on a connection of its own, which does not wait for the disk. It may come
/// before the outcome is committed; who waits looks again (see <see cref="CommandWaiters"/>).
/// </summary>
internal sealed class CommandAnnouncer(NpgsqlDataSource database, ILogger<CommandAnnouncer> logger) : BackgroundService
{
    /// <summary>What fits into a notification of 8,000 bytes.</summary>
    private const int Largest = 200;

    /// <summary>Beyond this many, those who wait find out by themselves.</summary>
    private const int MostPending = 10_000;

    private const int PatienceInSeconds = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

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
        while (await decided.Reader.WaitToReadAsync(stoppingToken))
        {
            await Announce(Next(), stoppingToken);
            await Task.Delay(Pause, stoppingToken);
        }
    }

    private Guid[] Next()
    {
        List<Guid> ids = [];
        while (ids.Count < Largest && decided.Reader.TryRead(out var id))
            ids.Add(id);
        return [.. ids];
    }

    private async Task Announce(Guid[] ids, CancellationToken stoppingToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(stoppingToken);
            await using var command = new NpgsqlCommand(SqlFile.Announce, connection)
            {
                CommandTimeout = PatienceInSeconds,
            };
            command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ids });
            await command.PrepareAsync(stoppingToken);
            await command.ExecuteNonQueryAsync(stoppingToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            logger.LogDebug(exception, "An announcement was lost; those who wait find the outcomes by polling.");
        }
    }
}
