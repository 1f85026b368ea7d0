using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Portable.Messaging.Transport;

/// <summary>
/// Tells a connection that was lost, after which the same is tried again, from a broker that refuses.
/// </summary>
internal static class ConnectionLoss
{
    // "Closed by the broker", as when it is shut down or an operator closes the connection.
    private const int ConnectionForced = 320;

    public static bool Is(Exception exception) => exception switch
    {
        OperationInterruptedException { ShutdownReason: { } reason } =>
            reason.Initiator != ShutdownInitiator.Peer || reason.ReplyCode == ConnectionForced,
        OperationInterruptedException or IOException or ObjectDisposedException => true,
        _ => false,
    };
}
