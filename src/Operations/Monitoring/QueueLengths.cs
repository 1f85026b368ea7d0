using Operations.Broker;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Operations.Monitoring;

/// <summary>Asks the broker every second how many messages wait for each endpoint that reports.</summary>
internal sealed partial class QueueLengths(
    BrokerAddress broker, MonitoredEndpoints endpoints, ILogger<QueueLengths> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await broker.Connect("Operations queue lengths", stoppingToken);
                while (true)
                {
                    await Measure(connection, stoppingToken);
                    await Task.Delay(Pause, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is RabbitMQClientException or IOException
                or TimeoutException or ObjectDisposedException or OperationCanceledException)
            {
                BrokerAway(logger, exception.Message);
                await Task.Delay(LongPause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Measure(IConnection connection, CancellationToken cancellationToken)
    {
        var queues = endpoints.Read(endpoint => (endpoint.Name, endpoint.Queue));
        foreach (var (name, queue) in queues.Where(one => one.Queue is { Length: > 0 }))
        {
            try
            {
                // A channel of its own: the answer that there is no such queue closes it.
                await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
                var declared = await channel.QueueDeclarePassiveAsync(queue!, cancellationToken);
                endpoints.Change(name, endpoint => endpoint.Add(
                    Monitoring.Measure.QueueLength, null, null, DateTime.UtcNow.Ticks, declared.MessageCount));
            }
            catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == 404)
            {
                Missing(logger, queue!, name);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Queue lengths cannot be measured; trying again: {Reason}")]
    private static partial void BrokerAway(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "There is no queue '{Queue}' of endpoint '{Endpoint}'")]
    private static partial void Missing(ILogger logger, string queue, string endpoint);
}
