namespace Portable.Messaging;

/// <summary>Where an outgoing message goes and where its answers go.</summary>
public static class RoutingOptionExtensions
{
    public static void SetDestination(this SendOptions options, string destination)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(destination);
        AssertUnrouted(options);
        options.Destination = destination;
    }

    public static void SetDestination(this ReplyOptions options, string destination)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(destination);
        options.Destination = destination;
    }

    public static string? GetDestination(this SendOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Destination;
    }

    public static string? GetDestination(this ReplyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Destination;
    }

    /// <summary>Sends to this endpoint's own queue.</summary>
    public static void RouteToThisEndpoint(this SendOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        AssertUnrouted(options);
        options.ToThisEndpoint = true;
    }

    public static bool IsRoutingToThisEndpoint(this SendOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.ToThisEndpoint;
    }

    public static void RouteReplyTo(this SendOptions options, string address)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(address);
        options.ReplyTo = address;
    }

    public static void RouteReplyTo(this ReplyOptions options, string address)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(address);
        options.ReplyTo = address;
    }

    public static string? GetReplyToRoute(this SendOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.ReplyTo;
    }

    public static string? GetReplyToRoute(this ReplyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.ReplyTo;
    }

    private static void AssertUnrouted(SendOptions options)
    {
        if (options.Destination is not null || options.ToThisEndpoint)
        {
            throw new InvalidOperationException(
                "These options already say where the message goes: "
                + $"{(options.ToThisEndpoint ? "this endpoint" : options.Destination)}. Set one destination only.");
        }
    }
}

/// <summary>Conversations: all messages that follow from one share its conversation id.</summary>
public static class ConversationRoutingExtensions
{
    public static void StartNewConversation(this SendOptions sendOptions, string? conversationId = null)
    {
        ArgumentNullException.ThrowIfNull(sendOptions);
        sendOptions.StartsNewConversation = true;
        sendOptions.NewConversationId = conversationId;
    }
}
