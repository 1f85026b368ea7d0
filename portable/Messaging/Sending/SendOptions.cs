using Portable.Messaging.Extensibility;

namespace Portable.Messaging;

/// <summary>How a command is sent.</summary>
public class SendOptions : ExtendableOptions
{
    internal string? Destination { get; set; }

    internal bool ToThisEndpoint { get; set; }

    internal bool NewTrace { get; set; }

    internal TimeSpan? Delay { get; set; }

    internal DateTimeOffset? DueAt { get; set; }

    internal string? ReplyTo { get; set; }

    internal string? NewConversationId { get; set; }

    internal bool StartsNewConversation { get; set; }
}

/// <summary>How an event is published.</summary>
public class PublishOptions : ExtendableOptions
{
    internal bool ContinuesTrace { get; set; }
}

/// <summary>How a reply is sent.</summary>
public class ReplyOptions : ExtendableOptions
{
    internal string? Destination { get; set; }

    internal string? ReplyTo { get; set; }

    /// <summary>Correlation id to use instead of the incoming message's: a saga answering its originator.</summary>
    internal string? CorrelationId { get; set; }

    /// <summary>True when the saga headers of the incoming message are not copied: the reply is for another.</summary>
    internal bool WithoutSagaHeaders { get; set; }
}

/// <summary>How an event type is subscribed to.</summary>
public class SubscribeOptions : ExtendableOptions;

/// <summary>How a subscription is ended.</summary>
public class UnsubscribeOptions : ExtendableOptions;
