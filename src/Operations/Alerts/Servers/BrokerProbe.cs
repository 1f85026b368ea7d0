using Operations.Broker;
using RabbitMQ.Client;

namespace Operations.Alerts.Servers;

/// <summary>Opens and closes a channel: the broker has to do something for its answer, and logs nothing.</summary>
internal sealed class BrokerProbe(BrokerAddress broker) : IAsyncDisposable
{
    private IConnection? connection;

    public async Task Ask(CancellationToken cancellationToken)
    {
        try
        {
            if (connection is not { IsOpen: true })
            {
                await Close();
                connection = await broker.Connect("Operations alerts", cancellationToken);
            }

            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        }
        catch
        {
            await Close();
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await Close();

    /// <summary>Without waiting for a broker that does not answer.</summary>
    private async Task Close()
    {
        var last = Interlocked.Exchange(ref connection, null);
        if (last is null)
            return;
        await last.AbortAsync(TimeSpan.FromMilliseconds(200));
        await last.DisposeAsync();
    }
}
