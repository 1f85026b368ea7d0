using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using QueryApi.Caching;
using QueryApi.Paging;
using QueryApi.Stores;
using ServiceDefaults.Http;

namespace QueryApi.Consistency;

/// <summary>
/// Keeps <see cref="Freshness"/> up to date over a connection of its own: listens for the projections' notifications
/// and, as the net under them, reads all checkpoints every second. Reconnects by itself and then reads again, as
/// notifications may have passed meanwhile. Where queries read a replica, it is the replica's checkpoints that count: a
/// notification, which only the primary server gives, says when to look there.
/// </summary>
internal sealed partial class CheckpointFeed(
    ReadModels models, Freshness freshness, CursorKey cursorKey, SharedCacheName cacheName, ILogger<CheckpointFeed> logger)
    : BackgroundService
{
    private const string Listen = "LISTEN readmodels_checkpoints";
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(1);

    /// <summary>How often to look at a replica that is behind what was announced.</summary>
    private static readonly TimeSpan ChaseEvery = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly string ReadCheckpoints = Sql.Of<CheckpointFeed>();
    private static readonly string ReadCursorKey = Sql.Beside<CheckpointFeed>("CursorKey");

    /// <summary>What the primary server announced, of projections whose replica is looked at.</summary>
    private readonly ConcurrentDictionary<string, long> announced = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Follow(() => failures = 0, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
                when (exception is ServiceUnavailableException or NpgsqlException or TimeoutException)
            {
                freshness.Lost();
                if (failures++ == 0)
                    LogLost(exception.Message);
                var pause = TimeSpan.FromMilliseconds(100 * Math.Pow(2, Math.Min(failures, 6)));
                await Task.Delay(pause < LongestPause ? pause : LongestPause, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Follow(Action connected, CancellationToken stopping)
    {
        await using var primary = await models.OpenPrimary(stopping);
        await using var replica = models.HasReplica ? await models.Open(stopping) : null;
        primary.Notification += (_, notification) => Learn(notification.Payload);
        await using (var listen = new NpgsqlCommand(Listen, primary))
            await listen.ExecuteNonQueryAsync(stopping);
        var keyed = false;

        while (true)
        {
            keyed = keyed || await LearnKey(replica ?? primary, stopping);
            announced.Clear();
            await ReadAll(replica ?? primary, stopping);
            connected();
            var readAt = Stopwatch.GetTimestamp();
            // Npgsql counts in whole milliseconds, and none of them means for ever.
            while (ReadEvery - Stopwatch.GetElapsedTime(readAt) is { TotalMilliseconds: >= 1 } left)
            {
                await primary.WaitAsync(IsBehind() && left > ChaseEvery ? ChaseEvery : left, stopping);
                if (replica is not null && IsBehind())
                    await ReadAll(replica, stopping);
            }
        }
    }

    private bool IsBehind() => announced.Any(known => freshness.Position(known.Key) < known.Value);

    private async Task ReadAll(NpgsqlConnection connection, CancellationToken stopping)
    {
        await using var command = new NpgsqlCommand(ReadCheckpoints, connection);
        await using var reader = await command.ExecuteReaderAsync(stopping);
        while (await reader.ReadAsync(stopping))
        {
            freshness.Update(new Checkpoint(
                Projection: reader.GetString(0),
                Storage: reader.GetString(1),
                Position: reader.GetInt64(2),
                Staleness: reader.IsDBNull(3) ? null : reader.GetTimeSpan(3)));
        }

        freshness.Heard();
    }

    /// <summary>
    /// The key is made with the read models; a database that has none yet is asked again with each read.
    /// </summary>
    private async Task<bool> LearnKey(NpgsqlConnection connection, CancellationToken stopping)
    {
        try
        {
            await using var command = new NpgsqlCommand(ReadCursorKey, connection);
            if (await command.ExecuteScalarAsync(stopping) is not byte[] key)
                return false;
            cacheName.Learn(key);
            if (!cursorKey.IsConfigured)
                cursorKey.Learn(key);
            return true;
        }
        catch (PostgresException missing) when (missing.SqlState is PostgresErrorCodes.UndefinedTable)
        {
            LogNoKey(missing.MessageText);
            return false;
        }
    }

    /// <summary>
    /// Payload: <c>order-details:4711</c>. The channel is a hint; what makes no sense is left to the next read.
    /// </summary>
    private void Learn(string payload)
    {
        var colon = payload.LastIndexOf(':');
        if (colon <= 0 || !long.TryParse(payload.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var position))
            return;
        if (models.HasReplica)
            announced[payload[..colon]] = position;
        else
            freshness.Advance(payload[..colon], position);
    }

    [LoggerMessage(LogLevel.Warning, "The feed of checkpoints is interrupted and will be taken up again: {Error}")]
    private partial void LogLost(string error);

    [LoggerMessage(LogLevel.Warning, "The read models hold no key for cursors yet; the projections make it: {Error}")]
    private partial void LogNoKey(string error);
}
