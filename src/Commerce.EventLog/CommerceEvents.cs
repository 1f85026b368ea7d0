using Commerce.Contracts;
using EventStore;

namespace Commerce.EventLog;

/// <summary>
/// How the domain's events are kept in the event store: what every program that opens the log has to agree on.
/// </summary>
public static class CommerceEvents
{
    /// <summary>
    /// The stored names of <see cref="EventCatalog"/>, with the members that are personal data. Steps from older
    /// versions of a stored shape belong here, one <see cref="EventTypes.Upcast"/> each: docs/event-evolution.md says
    /// how a version is added. <c>shipment-requested</c> needs none from version 1: the new member is optional.
    /// </summary>
    public static EventTypes Types()
    {
        var types = new EventTypes();
        foreach (var known in EventCatalog.All)
        {
            types.Map(known.Type, known.Name, known.SchemaVersion);
            if (known.PersonalMembers.Count > 0)
                types.Personal(known.Name, fact => DataSubjects.Of((ICommerceEvent)fact), known.PersonalMembers);
        }
        return types;
    }
}
