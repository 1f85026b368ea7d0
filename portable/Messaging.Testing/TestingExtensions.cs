namespace Portable.Messaging.Testing;

/// <summary>The first outgoing message of a type; null when there is none.</summary>
public static class TestingExtensions
{
    public static TMessage FindSentMessage<TMessage>(this TestablePipelineContext context) =>
        First<TMessage>(context.SentMessages.Select(m => m.Message));

    public static TMessage FindSentMessage<TMessage>(this TestableMessageSession context) =>
        First<TMessage>(context.SentMessages.Select(m => m.Message));

    public static TMessage FindPublishedMessage<TMessage>(this TestablePipelineContext context) =>
        First<TMessage>(context.PublishedMessages.Select(m => m.Message));

    public static TMessage FindPublishedMessage<TMessage>(this TestableMessageSession context) =>
        First<TMessage>(context.PublishedMessages.Select(m => m.Message));

    public static TMessage FindTimeoutMessage<TMessage>(this TestablePipelineContext context) =>
        First<TMessage>(context.TimeoutMessages.Select(m => m.Message));

    public static TMessage FindTimeoutMessage<TMessage>(this TestableMessageSession context) =>
        First<TMessage>(context.TimeoutMessages.Select(m => m.Message));

    public static TMessage FindReplyMessage<TMessage>(this TestableMessageProcessingContext context) =>
        First<TMessage>(context.RepliedMessages.Select(m => m.Message));

    private static TMessage First<TMessage>(IEnumerable<object> messages) =>
        messages.OfType<TMessage>().FirstOrDefault()!;
}
