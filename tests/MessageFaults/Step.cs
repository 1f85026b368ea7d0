namespace MessageFaults;

/// <summary>Where in the handling of a message a worker can be told to die.</summary>
public enum Step
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>The message is there; its transaction has not begun.</summary>
    Delivered,

    /// <summary>
    /// Inside the transaction: the row and the event are written, the message is given to the outbox.
    /// </summary>
    Handled,

    /// <summary>Inside the transaction, right before its commit.</summary>
    Committing,

    /// <summary>The transaction has committed; nothing has left.</summary>
    Committed,

    /// <summary>The outgoing message is written to the broker, which has not confirmed it.</summary>
    Dispatching,

    /// <summary>All is confirmed and known to be so; the incoming message is not acknowledged.</summary>
    Dispatched,

    /// <summary>The acknowledgement is written, and perhaps still on its way.</summary>
    Acknowledging,
}
