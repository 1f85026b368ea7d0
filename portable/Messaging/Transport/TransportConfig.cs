using Portable.Messaging.Transport;

namespace Portable.Messaging;

/// <summary>Choice of the transport.</summary>
public static class TransportConfig
{
    extension(EndpointConfiguration config)
    {
        /// <summary>Names the broker, and returns where the routes of commands are set.</summary>
        public RoutingSettings<TTransport> UseTransport<TTransport>(TTransport transportDefinition)
            where TTransport : TransportDefinition
        {
            ArgumentNullException.ThrowIfNull(config);
            ArgumentNullException.ThrowIfNull(transportDefinition);
            config.Transport = transportDefinition as RabbitMQTransport ?? throw new NotSupportedException(
                $"The portable edition works on RabbitMQ: use {nameof(RabbitMQTransport)}, "
                + $"not {transportDefinition.GetType().Name}.");
            return new RoutingSettings<TTransport>(config.Routes);
        }
    }
}
