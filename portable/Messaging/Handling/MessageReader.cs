using System.Text.Json;
using Portable.Messaging.Messages;
using Portable.Messaging.Persistence.Sql;
using Portable.Messaging.Sagas;
using Portable.Messaging.Serialization;
using Portable.Messaging.Tracing;
using Portable.Messaging.Transport;

namespace Portable.Messaging.Handling;

/// <summary>Reads a message, and finds out who handles it.</summary>
internal sealed class MessageReader(HandlerMap handlers, MessageTypes types, MessageSerializer serializer)
{
    /// <summary>The message as an object, its handlers, and the sagas they need.</summary>
    /// <exception cref="MessageDeserializationException">The type is unknown, or the body is not of it.</exception>
    public Reading Read(IncomingMessage incoming, MessageTags tags)
    {
        if (incoming.Body.Length == 0 || IsControlMessage(incoming))
        {
            return new Reading(null, MessageHandlers.None, []);
        }

        var message = Deserialize(incoming);
        var type = types.Of(message.GetType());
        tags.MessageType = type.Type.FullName;
        var found = handlers.For(type.Type);
        if (incoming.GetMessageIntent() == MessageIntent.Publish)
        {
            // An event is for every saga it correlates with, not for the one that it was published from.
            incoming.Headers.Remove(Headers.SagaId);
            incoming.Headers.Remove(Headers.SagaType);
        }

        return new Reading(message, found, SagaRouter.Lookups(found.Invokers, type, message, incoming));
    }

    private object Deserialize(IncomingMessage incoming)
    {
        if (!incoming.Headers.TryGetValue(Headers.EnclosedMessageTypes, out var enclosed))
        {
            throw new MessageDeserializationException(
                $"Message '{incoming.MessageId}' does not say its type: neither the header "
                + $"'{Headers.EnclosedMessageTypes}' nor the AMQP property 'type' is set.");
        }

        var type = types.Find(enclosed) ?? throw new MessageDeserializationException(
            $"Message '{incoming.MessageId}' is of no type known here: '{enclosed}'. Is its assembly referenced, and "
            + "do the conventions make the type a message?");
        try
        {
            return serializer.Deserialize(incoming.Body.Span, type);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            throw new MessageDeserializationException(incoming.MessageId, e);
        }
    }

    private static bool IsControlMessage(IncomingMessage incoming) =>
        incoming.Headers.TryGetValue(Headers.ControlMessageHeader, out var value)
            && value.Equals(bool.TrueString, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A message as read.</summary>
/// <param name="Message">Null when there is nothing to handle: a control message.</param>
/// <param name="Handlers">Its handlers.</param>
/// <param name="Lookups">The sagas its handlers need.</param>
internal sealed record Reading(object? Message, MessageHandlers Handlers, List<SagaLookup> Lookups);
