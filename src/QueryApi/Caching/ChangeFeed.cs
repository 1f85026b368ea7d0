using System.Text.Json;
using EventStore;
using Npgsql;
using QueryApi.Stores;

namespace QueryApi.Caching;

/// <summary>
/// Follows the log and notes in <see cref="Changes"/> what each event touches, so that a cached answer is known to hold
/// until the very event that changes it. Reads names and streams; the data only where it names the customer.
/// </summary>
internal sealed partial class ChangeFeed(
    CommerceLog log, Changes changes, QueryApiSettings settings, ILogger<ChangeFeed> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!log.IsThere)
            return;
        var failed = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (changes.Through < 0)
                    changes.Begin(Math.Max(0, await log.Names.ReadHead(stoppingToken) - settings.CacheHistory));
                await foreach (var batch in log.Names.Subscribe(
                    changes.Through, new SubscriptionOptions(BatchSize: 2_000), stoppingToken))
                {
                    foreach (var recorded in batch.Events)
                        Note(recorded);
                    changes.Reach(batch.Position);
                    failed = false;
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                if (!failed)
                    LogLost(exception.Message);
                failed = true;
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Note(RecordedEvent recorded)
    {
        var (stream, position) = (recorded.Stream, recorded.Position);
        changes.Note(stream, position);
        if (stream.StartsWith("product/", StringComparison.Ordinal))
            changes.Note(MadeOf.ProductsOf(recorded.Metadata.Tenant), position);
        if (recorded.Type is "order-completed")
            changes.Note(MadeOf.SalesOf(recorded.Metadata.Tenant), position);
        if (recorded.Type is "order-placed")
        {
            changes.Note(
                CustomerOf(recorded.Data) is { } customer
                    ? MadeOf.OrdersOf(recorded.Metadata.Tenant, customer)
                    : MadeOf.OrdersOfAll(recorded.Metadata.Tenant),
                position);
        }
    }

    /// <summary>Null where the data does not tell.</summary>
    private static string? CustomerOf(object data)
    {
        if (data is not UnknownEvent { Json: var json })
            return null;
        var reader = new Utf8JsonReader(json.Span);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.PropertyName && reader.CurrentDepth == 1
                    && reader.ValueTextEquals("customerId"u8))
                    return reader.Read() && reader.TokenType is JsonTokenType.String ? reader.GetString() : null;
            }

            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning,
        "The event log cannot be followed and will be taken up again; until then answers are cached only as long as "
        + "their model stands still: {Error}")]
    private partial void LogLost(string error);
}
