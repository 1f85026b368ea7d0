using Portable.Messaging.Transport;

namespace Portable.Messaging.SagaAudit;

/// <summary>What sagas do with one message: collected while it is handled, and told on its audited copy.</summary>
internal sealed class SagaTrail
{
    private const string InvokedSagas = "NServiceBus.InvokedSagas";
    private const string StateChange = "ServiceControl.SagaStateChange";

    private readonly List<SagaChangeOutput> sent = [];
    private readonly List<string> invoked = [];
    private readonly List<string> changes = [];

    /// <summary>A handler begins: what follows is sent by it.</summary>
    public void Begin()
    {
        lock (sent)
        {
            sent.Clear();
        }
    }

    /// <summary>The handler has sent this. Handlers may send from several tasks at once.</summary>
    public void Add(OutgoingOperation operation)
    {
        var output = new SagaChangeOutput(
            operation.Headers[Headers.EnclosedMessageTypes].Split(',', ';')[0],
            DateTime.UtcNow,
            operation.DueAt?.UtcDateTime,
            operation.Delay,
            operation.Destination,
            operation.MessageId,
            operation.Headers[Headers.MessageIntent]);
        lock (sent)
        {
            sent.Add(output);
        }
    }

    /// <summary>The handler was this saga; what it has sent.</summary>
    public IReadOnlyList<SagaChangeOutput> End(Type saga, Guid id, string change)
    {
        invoked.Add($"{saga.FullName}:{id}");
        changes.Add($"{id}:{change}");
        lock (sent)
        {
            return [.. sent];
        }
    }

    /// <summary>On the audited copy: which sagas handled the message, and what became of each.</summary>
    public void Mark(Dictionary<string, string> headers)
    {
        if (invoked.Count > 0)
        {
            headers[InvokedSagas] = string.Join(';', invoked);
            headers[StateChange] = string.Join(';', changes);
        }
    }
}
