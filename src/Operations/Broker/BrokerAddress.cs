using RabbitMQ.Client;

namespace Operations.Broker;

/// <summary>Where the broker is: <c>amqp://user:password@host:port/vhost</c>.</summary>
internal sealed record BrokerAddress(string Uri)
{
    /// <summary>Opens a connection that is not restored when it breaks: its user opens another.</summary>
    public Task<IConnection> Connect(string name, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory
        {
            Uri = new Uri(Uri),
            ClientProvidedName = name,
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = TimeSpan.FromSeconds(20),
            RequestedConnectionTimeout = TimeSpan.FromSeconds(10),
        };
        return factory.CreateConnectionAsync(cancellationToken);
    }
}
