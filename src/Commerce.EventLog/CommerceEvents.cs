using Commerce.Contracts;
using EventStore;

namespace Commerce.EventLog;

/// <summary>
/// How the domain's events are kept in the event store: what every program that opens the log has to agree on.
/// </summary>
public static class CommerceEvents
{
    /// <summary>
    /// The stored names of <see cref="EventCatalog"/>. Steps from older versions of a stored shape belong here, one
    /// <see cref="EventTypes.Upcast"/> each: docs/event-evolution.md says how a version is added.
    /// </summary>
    public static EventTypes Types() => EventCatalog.All.Aggregate(
        new EventTypes(), (types, known) => types.Map(known.Type, known.Name, known.SchemaVersion));
}
