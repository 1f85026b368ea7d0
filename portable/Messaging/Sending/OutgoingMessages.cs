using System.Diagnostics;
using Portable.Messaging.Extensibility;
using Portable.Messaging.Messages;
using Portable.Messaging.Pipeline;
using Portable.Messaging.Routing;
using Portable.Messaging.Serialization;
using Portable.Messaging.Tracing;
using Portable.Messaging.Transport;

namespace Portable.Messaging.Sending;

/// <summary>Turns what the application sends into operations of the transport: routes, headers, body.</summary>
internal sealed class OutgoingMessages(
    EndpointConfiguration configuration,
    HostIdentity host,
    MessageTypes types,
    MessageSerializer serializer,
    CommandRoutes routes,
    OutgoingPipeline pipeline)
{
    // What an NServiceBus reader takes for the sender's version; the formats are the same.
    private const string WireVersion = "10.2.8";

    public async Task Send(
        object message,
        SendOptions options,
        MessageOrigin origin,
        IPipelineContext sender,
        Func<OutgoingOperation, Task> dispatch)
    {
        var type = Validated(message);
        if (type.IsEvent)
        {
            throw new InvalidOperationException(
                $"{type.Type.FullName} is an event: publish it, don't send it.");
        }

        var destination = options.ToThisEndpoint
            ? OwnAddress(type)
            : options.Destination ?? routes.DestinationOf(type.Type);
        using var activity = Activities.StartSend(MessageIntent.Send);
        var draft = Draft(message, type, MessageIntent.Send, options, origin, sender);
        draft.Headers[Headers.StartNewTrace] = options.NewTrace ? bool.TrueString : bool.FalseString;
        if (options.ReplyTo is { } replyTo)
        {
            draft.Headers[Headers.ReplyToAddress] = replyTo;
        }

        Converse(draft.Headers, origin, options);
        if (options.Delay is not null || options.DueAt is not null)
        {
            draft.Headers[Headers.DeliverAt] = DateTimeOffsetHelper.ToWireFormattedString(
                options.DueAt ?? DateTimeOffset.UtcNow + options.Delay!.Value);
        }

        await Finish(draft, activity, dispatch, body => new OutgoingOperation(draft.MessageId, draft.Headers, body)
        {
            Destination = destination,
            Delay = options.Delay,
            DueAt = options.DueAt,
        });
    }

    public async Task Publish(
        object message,
        PublishOptions options,
        MessageOrigin origin,
        IPipelineContext sender,
        Func<OutgoingOperation, Task> dispatch)
    {
        var type = Validated(message);
        if (type.IsCommand)
        {
            throw new InvalidOperationException($"{type.Type.FullName} is a command: send it, don't publish it.");
        }

        using var activity = Activities.StartSend(MessageIntent.Publish);
        var draft = Draft(message, type, MessageIntent.Publish, options, origin, sender);
        draft.Headers[Headers.StartNewTrace] = options.ContinuesTrace ? bool.FalseString : bool.TrueString;
        Converse(draft.Headers, origin, options: null);
        await Finish(draft, activity, dispatch, body => new OutgoingOperation(draft.MessageId, draft.Headers, body)
        {
            EventType = type.Type,
        });
    }

    public async Task Reply(
        object message,
        ReplyOptions options,
        MessageOrigin origin,
        IPipelineContext sender,
        Func<OutgoingOperation, Task> dispatch)
    {
        var type = Validated(message);
        if (type.IsCommand || type.IsEvent)
        {
            throw new InvalidOperationException(
                $"{type.Type.FullName} is {(type.IsCommand ? "a command" : "an event")}: a reply is neither.");
        }

        var incoming = origin.Incoming!;
        var destination = options.Destination ?? incoming.GetReplyToAddress();
        if (string.IsNullOrEmpty(destination))
        {
            throw new InvalidOperationException(
                $"Message '{incoming.MessageId}' has no reply address: its sender is send-only or no endpoint. "
                + "It can't be replied to.");
        }

        using var activity = Activities.StartSend(MessageIntent.Reply);
        var draft = Draft(message, type, MessageIntent.Reply, options, origin, sender);
        if (options.CorrelationId is { } correlationId)
        {
            draft.Headers[Headers.CorrelationId] = correlationId;
        }

        if (options.ReplyTo is { } replyTo)
        {
            draft.Headers[Headers.ReplyToAddress] = replyTo;
        }

        // A reply to a saga's message finds the saga by these.
        if (!options.WithoutSagaHeaders
            && incoming.Headers.TryGetValue(Headers.OriginatingSagaId, out var sagaId)
            && incoming.Headers.TryGetValue(Headers.OriginatingSagaType, out var sagaType))
        {
            draft.Headers[Headers.SagaId] = sagaId;
            draft.Headers[Headers.SagaType] = sagaType;
        }

        Converse(draft.Headers, origin, options: null);
        await Finish(draft, activity, dispatch, body => new OutgoingOperation(draft.MessageId, draft.Headers, body)
        {
            Destination = destination,
        });
    }

    private OutgoingDraft Draft(
        object message,
        MessageType type,
        MessageIntent intent,
        ExtendableOptions options,
        MessageOrigin origin,
        IPipelineContext sender)
    {
        var messageId = options.MessageId ?? Guid.CreateVersion7().ToString();
        var headers = new Dictionary<string, string>(20);
        if (options.HasHeaders)
        {
            foreach (var (name, value) in options.OutgoingHeaders)
            {
                headers[name] = value;
            }
        }

        foreach (var (name, value) in configuration.StaticHeaders)
        {
            headers.TryAdd(name, value);
        }

        headers[Headers.MessageId] = messageId;
        headers[Headers.MessageIntent] = intent.ToString();
        headers[Headers.EnclosedMessageTypes] = type.EnclosedTypes;
        headers[Headers.ContentType] = ContentTypes.Json;
        headers[Headers.OriginatingEndpoint] = configuration.EndpointName;
        headers[Headers.OriginatingMachine] = host.Machine;
        headers[Headers.OriginatingHostId] = host.Id;
        headers[Headers.NServiceBusVersion] = WireVersion;
        if (!configuration.IsSendOnly)
        {
            headers[Headers.ReplyToAddress] = configuration.EndpointName;
        }

        if (!headers.ContainsKey(Headers.CorrelationId))
        {
            headers[Headers.CorrelationId] =
                origin.Incoming?.Headers.GetValueOrDefault(Headers.CorrelationId) is { Length: > 0 } correlation
                    ? correlation
                    : messageId;
        }

        if (origin.Incoming is { } incoming)
        {
            headers[Headers.RelatedTo] = incoming.MessageId;
        }

        if (origin.Saga is { } saga)
        {
            headers[Headers.OriginatingSagaId] = saga.Id.ToString();
            headers[Headers.OriginatingSagaType] = saga.Type.AssemblyQualifiedName!;
        }

        return new OutgoingDraft(messageId, headers, message, sender, origin.Services);
    }

    private static void Converse(Dictionary<string, string> headers, MessageOrigin origin, SendOptions? options)
    {
        var current = origin.Incoming?.Headers.GetValueOrDefault(Headers.ConversationId);
        headers.TryGetValue(Headers.ConversationId, out var chosen);
        if (chosen is not null && (current is not null || options is { StartsNewConversation: true }))
        {
            throw new InvalidOperationException(
                $"The header {Headers.ConversationId} can't be set to '{chosen}': messages sent while handling belong "
                + $"to the conversation '{current}'. Use SendOptions.StartNewConversation.");
        }

        if (options is { StartsNewConversation: true })
        {
            headers[Headers.ConversationId] = options.NewConversationId ?? Guid.CreateVersion7().ToString();
            if (current is not null)
            {
                headers[Headers.PreviousConversationId] = current;
            }
        }
        else if (chosen is null)
        {
            headers[Headers.ConversationId] = current ?? Guid.CreateVersion7().ToString();
        }
    }

    // The span lasts until the message is dispatched: outside of a handler, until the broker has confirmed it.
    private async Task Finish(
        OutgoingDraft draft,
        Activity? activity,
        Func<OutgoingOperation, Task> dispatch,
        Func<ReadOnlyMemory<byte>, OutgoingOperation> operation)
    {
        try
        {
            var body = await pipeline.Run(draft, serializer);
            draft.Headers[Headers.TimeSent] = DateTimeOffsetHelper.ToWireFormattedString(DateTimeOffset.UtcNow);
            Activities.Propagate(draft.Headers);
            if (activity is not null)
            {
                Activities.Describe(activity, draft.Headers);
            }

            await dispatch(operation(body));
            activity?.SetStatus(ActivityStatusCode.Ok);
        }
        catch (Exception e)
        {
            Activities.Fail(activity, e);
            throw;
        }
    }

    private MessageType Validated(object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var type = types.Of(message.GetType());
        return type.IsMessage
            ? type
            : throw new InvalidOperationException(
                $"{type.Type.FullName} is not a message: let it implement ICommand, IEvent or IMessage, or make it "
                + "one with endpointConfiguration.Conventions().");
    }

    private string OwnAddress(MessageType type) => configuration.IsSendOnly
        ? throw new InvalidOperationException(
            $"{type.Type.Name} can't be sent to this endpoint: '{configuration.EndpointName}' is send-only and has no "
            + "queue.")
        : configuration.EndpointName;
}

/// <summary>What a message being sent follows from: nothing, or the message being handled and the saga it has
/// reached.</summary>
internal readonly record struct MessageOrigin(
    IServiceProvider Services, IncomingMessage? Incoming = null, (Guid Id, Type Type)? Saga = null);
