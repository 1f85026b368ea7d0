using Commerce.Contracts;

namespace MessageFaults;

/// <summary>Asks for one row, one event and one message, all with this number.</summary>
public sealed record DoWork(string Tenant, int Number) : ICommerceCommand;

/// <summary>The one event of a <see cref="DoWork"/>: appended to a stream of its own and published.</summary>
public sealed record WorkDone(string Tenant, int Number) : ICommerceEvent;
