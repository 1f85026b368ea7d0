using Portable.Messaging.SagaAudit;

namespace Portable.Messaging;

/// <summary>The history of sagas for ServiceControl.</summary>
public static class SagaAuditConfigurationExtensions
{
    /// <summary>
    /// Reports every change of a saga: the message that made it, the state after it and the messages that were sent.
    /// Handled messages that are audited say which sagas they reached. An endpoint without sagas reports nothing.
    /// </summary>
    /// <param name="serviceControlQueue">ServiceControl's audit queue; it has to be there when the endpoint
    /// starts.</param>
    /// <param name="customSagaEntitySerialization">Makes of the saga's data what is reported of it; null: all, as
    /// JSON.</param>
    public static void AuditSagaStateChanges(
        this EndpointConfiguration config,
        string serviceControlQueue,
        Func<object, Dictionary<string, string>>? customSagaEntitySerialization = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentException.ThrowIfNullOrWhiteSpace(serviceControlQueue);
        config.SagaAudit = new SagaAuditSettings(serviceControlQueue, customSagaEntitySerialization);
    }
}
