namespace Portable.Messaging.Transport;

/// <summary>The message broker an endpoint works on.</summary>
public abstract class TransportDefinition;
