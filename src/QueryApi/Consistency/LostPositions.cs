using Npgsql;
using QueryApi.Stores;

namespace QueryApi.Consistency;

/// <summary>
/// The positions that a restore has left behind for good. Read once: nothing is restored while services run.
/// </summary>
internal sealed partial class LostPositions(CommerceLog log, ILogger<LostPositions> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private volatile IReadOnlyList<LostRange> ranges = [];

    /// <summary>The restore that the position was lost in; null: it was not lost, or never given.</summary>
    public LostRange? Of(long position)
    {
        foreach (var range in ranges)
        {
            if (position > range.After && position <= range.Until)
                return range;
        }
        return null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!log.IsThere)
            return;
        for (var failed = false; !stoppingToken.IsCancellationRequested; failed = true)
        {
            try
            {
                ranges = await log.Lost(stoppingToken);
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                if (!failed)
                    NotKnown(exception.Message);
                await Task.Delay(Pause, stoppingToken);
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Whether positions were lost in a restore is not known yet: {Reason}")]
    private partial void NotKnown(string reason);
}

/// <summary>Positions above <paramref name="After"/> and up to <paramref name="Until"/> were lost.</summary>
internal sealed record LostRange(long After, long Until, DateTimeOffset RestoredAt);
