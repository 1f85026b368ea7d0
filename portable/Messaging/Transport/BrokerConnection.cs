using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Portable.Messaging.Transport;

/// <summary>One connection to the broker that is made when first asked for and made anew after it broke. Callers that
/// arrive while the broker is away wait for a bounded time.</summary>
internal sealed class BrokerConnection(RabbitMQTransport transport, string name, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim connecting = new(1, 1);
    private readonly CancellationTokenSource disposing = new();
    private readonly ConnectionFactory factory = FactoryOf(transport);
    private volatile IConnection? current;

    /// <summary>The open connection, at once or within <paramref name="patience"/>.</summary>
    /// <exception cref="BrokerUnreachableException">The broker did not answer in time.</exception>
    public async ValueTask<IConnection> Get(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (current is { IsOpen: true } open)
        {
            return open;
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, disposing.Token);
        timeout.CancelAfter(patience);
        try
        {
            return await Connect(timeout.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BrokerUnreachableException(new TimeoutException(
                $"RabbitMQ at {factory.HostName}:{factory.Port} could not be reached within "
                + $"{patience.TotalSeconds:0.#} s. Is it running, and is the connection string right?", e));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (disposing.IsCancellationRequested)
        {
            return;
        }

        await disposing.CancelAsync();
        if (current is { } connection)
        {
            await Discard(connection);
        }
    }

    private static ConnectionFactory FactoryOf(RabbitMQTransport transport)
    {
        var address = BrokerAddress.Parse(transport.ConnectionString);
        return new ConnectionFactory
        {
            HostName = address.Host,
            Port = address.Port,
            VirtualHost = address.VirtualHost,
            UserName = address.UserName,
            Password = address.Password,
            Endpoint = address.ToEndpoint(transport.ValidateRemoteCertificate),
            RequestedHeartbeat = transport.HeartbeatInterval,
            RequestedConnectionTimeout = TimeSpan.FromSeconds(10),
            // Recovery is done here: the client's own replays a recorded topology and hides what was lost meanwhile.
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
        };
    }

    private async Task<IConnection> Connect(CancellationToken cancellationToken)
    {
        await connecting.WaitAsync(cancellationToken);
        try
        {
            if (current is { IsOpen: true } open)
            {
                return open;
            }

            if (current is { } broken)
            {
                current = null;
                await Discard(broken);
            }

            for (var pause = FirstPause; ; pause = Longer(pause))
            {
                try
                {
                    return current = await factory.CreateConnectionAsync(name, cancellationToken);
                }
                catch (BrokerUnreachableException e) when (e.InnerException is not AuthenticationFailureException)
                {
                    logger.LogWarning(
                        "'{Connection}' can't reach RabbitMQ at {Host}:{Port} ({Reason}); next attempt in {Pause} ms",
                        name, factory.HostName, factory.Port, e.GetBaseException().Message, pause.TotalMilliseconds);
                    await Task.Delay(pause, cancellationToken);
                }
            }
        }
        finally
        {
            connecting.Release();
        }
    }

    private TimeSpan Longer(TimeSpan pause) =>
        pause * 2 < transport.NetworkRecoveryInterval ? pause * 2 : transport.NetworkRecoveryInterval;

    private async Task Discard(IConnection connection)
    {
        try
        {
            await connection.CloseAsync(
                Constants.ReplySuccess, "Goodbye", TimeSpan.FromSeconds(5), abort: true, CancellationToken.None);
            await connection.DisposeAsync();
        }
        catch (Exception e) when (e is OperationInterruptedException or IOException or ObjectDisposedException)
        {
            logger.LogDebug(e, "'{Connection}' was already gone", name);
        }
    }
}
