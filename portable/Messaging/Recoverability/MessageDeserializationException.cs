using System.Runtime.Serialization;

namespace Portable.Messaging;

/// <summary>A message's type is unknown here, or its body is not what its type says.</summary>
public class MessageDeserializationException : SerializationException
{
    public MessageDeserializationException(string message)
        : base(message)
    {
    }

    public MessageDeserializationException(string messageId, Exception innerException)
        : base($"The body of message '{messageId}' can't be read as its type says: {innerException.Message}",
            innerException)
    {
    }
}
