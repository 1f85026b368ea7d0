namespace Portable.Messaging;

/// <summary>The operations of <see cref="IMessageSession"/> without options.</summary>
public static class MessageSessionExtensions
{
    public static Task Send(
        this IMessageSession session, object message, CancellationToken cancellationToken = default) =>
        session.Send(message, new SendOptions(), cancellationToken);

    public static Task Send<T>(
        this IMessageSession session, Action<T> messageConstructor, CancellationToken cancellationToken = default) =>
        session.Send(messageConstructor, new SendOptions(), cancellationToken);

    public static Task Send(
        this IMessageSession session,
        string destination,
        object message,
        CancellationToken cancellationToken = default)
    {
        var options = new SendOptions();
        options.SetDestination(destination);
        return session.Send(message, options, cancellationToken);
    }

    public static Task SendLocal(
        this IMessageSession session, object message, CancellationToken cancellationToken = default)
    {
        var options = new SendOptions();
        options.RouteToThisEndpoint();
        return session.Send(message, options, cancellationToken);
    }

    public static Task Publish(
        this IMessageSession session, object message, CancellationToken cancellationToken = default) =>
        session.Publish(message, new PublishOptions(), cancellationToken);

    public static Task Publish<T>(
        this IMessageSession session, Action<T> messageConstructor, CancellationToken cancellationToken = default) =>
        session.Publish(messageConstructor, new PublishOptions(), cancellationToken);

    public static Task Publish<T>(this IMessageSession session, CancellationToken cancellationToken = default) =>
        session.Publish<T>(_ => { }, new PublishOptions(), cancellationToken);

    public static Task Subscribe<T>(this IMessageSession session, CancellationToken cancellationToken = default) =>
        session.Subscribe(typeof(T), new SubscribeOptions(), cancellationToken);

    public static Task Subscribe(
        this IMessageSession session, Type messageType, CancellationToken cancellationToken = default) =>
        session.Subscribe(messageType, new SubscribeOptions(), cancellationToken);

    public static Task Unsubscribe<T>(this IMessageSession session, CancellationToken cancellationToken = default) =>
        session.Unsubscribe(typeof(T), new UnsubscribeOptions(), cancellationToken);

    public static Task Unsubscribe(
        this IMessageSession session, Type messageType, CancellationToken cancellationToken = default) =>
        session.Unsubscribe(messageType, new UnsubscribeOptions(), cancellationToken);
}
