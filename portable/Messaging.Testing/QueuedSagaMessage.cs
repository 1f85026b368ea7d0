namespace Portable.Messaging.Testing;

/// <summary>A message on its way to the saga under test.</summary>
public class QueuedSagaMessage
{
    internal QueuedSagaMessage(
        Type type, object message, IReadOnlyDictionary<string, string>? headers = null, Guid? sagaId = null)
    {
        (Type, Message) = (type, message);
        var all = headers is null ? [] : headers.ToDictionary(h => h.Key, h => h.Value);
        if (sagaId is { } id)
        {
            all[Messaging.Headers.SagaId] = id.ToString();
        }

        Headers = all;
    }

    public Type Type { get; }

    public object Message { get; }

    public IReadOnlyDictionary<string, string> Headers { get; }
}
