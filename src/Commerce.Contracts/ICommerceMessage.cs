namespace Commerce.Contracts;

/// <summary>
/// Anything that crosses the bus: commands, events, replies and timeouts. Every message belongs to one tenant.
/// </summary>
public interface ICommerceMessage
{
    /// <summary>The tenant whose data the message is about; tenants never see each other's.</summary>
    string Tenant { get; }
}

/// <summary>A request to change something, handled once by one endpoint. Its message id is the command id.</summary>
public interface ICommerceCommand : ICommerceMessage;

/// <summary>
/// A fact in the log. Published as it is stored, unless it is an <see cref="IUnpublishedEvent"/>: the record is both
/// the stored event and the message.
/// </summary>
public interface ICommerceEvent : ICommerceMessage;

/// <summary>
/// A fact that is in the log, but not published: there is one for each line of an order, and a message for each would
/// cost more than the rest of the order. Whoever needs it reads the log when <see cref="LogAdvanced"/> calls.
/// </summary>
public interface IUnpublishedEvent : ICommerceEvent;
