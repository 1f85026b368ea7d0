namespace Portable.Messaging;

/// <summary>The operations of <see cref="IPipelineContext"/> without options.</summary>
public static class PipelineContextExtensions
{
    public static Task Send(this IPipelineContext context, object message) =>
        context.Send(message, new SendOptions());

    public static Task Send<T>(this IPipelineContext context, Action<T> messageConstructor) =>
        context.Send(messageConstructor, new SendOptions());

    public static Task Send(this IPipelineContext context, string destination, object message)
    {
        var options = new SendOptions();
        options.SetDestination(destination);
        return context.Send(message, options);
    }

    public static Task SendLocal(this IPipelineContext context, object message)
    {
        var options = new SendOptions();
        options.RouteToThisEndpoint();
        return context.Send(message, options);
    }

    public static Task SendLocal<T>(this IPipelineContext context, Action<T> messageConstructor)
    {
        var options = new SendOptions();
        options.RouteToThisEndpoint();
        return context.Send(messageConstructor, options);
    }

    public static Task Publish(this IPipelineContext context, object message) =>
        context.Publish(message, new PublishOptions());

    public static Task Publish<T>(this IPipelineContext context, Action<T> messageConstructor) =>
        context.Publish(messageConstructor, new PublishOptions());

    public static Task Publish<T>(this IPipelineContext context) =>
        context.Publish<T>(_ => { }, new PublishOptions());
}

/// <summary>The operations of <see cref="IMessageProcessingContext"/> without options.</summary>
public static class MessageProcessingContextExtensions
{
    public static Task Reply(this IMessageProcessingContext context, object message) =>
        context.Reply(message, new ReplyOptions());

    public static Task Reply<T>(this IMessageProcessingContext context, Action<T> messageConstructor) =>
        context.Reply(messageConstructor, new ReplyOptions());
}
