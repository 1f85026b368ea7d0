using System.Diagnostics;
using System.Globalization;
using Npgsql;
using QueryApi.Stores;
using ServiceDefaults.Http;

namespace QueryApi.Consistency;

/// <summary>
/// Keeps <see cref="Freshness"/> up to date over one connection of its own: listens for the projections' notifications
/// and, as the net under them, reads all checkpoints every second. Reconnects by itself and then reads again, as
/// notifications may have passed meanwhile.
/// </summary>
internal sealed partial class CheckpointFeed(ReadModels models, Freshness freshness, ILogger<CheckpointFeed> logger)
    : BackgroundService
{
    private const string Channel = "projection_checkpoints";
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly string ReadCheckpoints = Sql.Of<CheckpointFeed>();

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
        await using var connection = await models.Open(stopping);
        connection.Notification += (_, notification) => Learn(notification.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
            await listen.ExecuteNonQueryAsync(stopping);

        while (true)
        {
            await ReadAll(connection, stopping);
            connected();
            var readAt = Stopwatch.GetTimestamp();
            // Npgsql counts in whole milliseconds, and none of them means for ever.
            while (ReadEvery - Stopwatch.GetElapsedTime(readAt) is { TotalMilliseconds: >= 1 } left)
                await connection.WaitAsync(left, stopping);
        }
    }

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
    }

    /// <summary>
    /// Payload: <c>order-details:4711</c>. The channel is a hint; what makes no sense is left to the next read.
    /// </summary>
    private void Learn(string payload)
    {
        var colon = payload.LastIndexOf(':');
        if (colon > 0 && long.TryParse(payload.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var position))
            freshness.Advance(payload[..colon], position);
    }

    [LoggerMessage(LogLevel.Warning, "The feed of checkpoints is interrupted and will be taken up again: {Error}")]
    private partial void LogLost(string error);
}
