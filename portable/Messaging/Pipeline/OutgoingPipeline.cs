using Portable.Messaging.Sending;
using Portable.Messaging.Serialization;

namespace Portable.Messaging.Pipeline;

/// <summary>The stages of sending: behaviors on the object, serialization, behaviors on the bytes.</summary>
internal sealed class OutgoingPipeline(PipelineSettings settings, IServiceProvider services)
{
    private readonly BehaviorChain<IOutgoingLogicalMessageContext> logical = new(settings, services);
    private readonly BehaviorChain<IOutgoingPhysicalMessageContext> physical = new(settings, services);

    /// <summary>The bytes to send.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> Run(OutgoingDraft draft, MessageSerializer serializer)
    {
        if (logical.IsEmpty && physical.IsEmpty)
        {
            return serializer.Serialize(draft.Message.Instance);
        }

        ReadOnlyMemory<byte>? body = null;
        await logical.Run(draft, async () =>
        {
            draft.UpdateMessage((ReadOnlyMemory<byte>)serializer.Serialize(draft.Message.Instance));
            await physical.Run(draft, () =>
            {
                body = draft.Body;
                return Task.CompletedTask;
            });
        });
        return body ?? throw new InvalidOperationException(
            $"A behavior of the outgoing pipeline did not call next() for message '{draft.MessageId}': messages can't "
            + "be dropped there.");
    }
}
