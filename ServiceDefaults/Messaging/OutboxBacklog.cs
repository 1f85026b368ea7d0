using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ServiceDefaults.Messaging;

/// <summary>
/// Measures how many handled messages have sent something that is not yet known to have reached the broker
/// (<c>outbox_backlog</c>, meter <c>AspireCqrs</c>): near zero while the broker is there, rising while it is away.
/// </summary>
internal sealed partial class OutboxBacklog(
    NpgsqlDataSource database, string schema, string endpoint, IMeterFactory meters, ILogger<OutboxBacklog> logger)
    : BackgroundService
{
    /// <summary>Counting stops there: whether it is more makes no difference to anybody.</summary>
    private const int Most = 10_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private long backlog;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        meters.Create("AspireCqrs").CreateObservableGauge(
            "outbox_backlog",
            () => new Measurement<long>(
                Interlocked.Read(ref backlog), new KeyValuePair<string, object?>("endpoint", endpoint)),
            "{message}",
            "Handled messages whose outgoing messages are not known to have left.");
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                Interlocked.Exchange(ref backlog, await Count(stoppingToken));
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                Unknown(logger, endpoint, exception);
            }
        }
    }

    /// <summary>By the index of the time of dispatch, which is null until then.</summary>
    private async Task<long> Count(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            select count(*) from (
                select from "{schema}"."{endpoint.Replace('.', '_')}_OutboxData"
                where "DispatchedAt" is null limit {Most}) as waiting
            """);
        return (long)(await command.ExecuteScalarAsync(cancellationToken) ?? 0L);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outbox of {Endpoint} can't be counted.")]
    private static partial void Unknown(ILogger logger, string endpoint, Exception exception);
}
