namespace Portable.Messaging.Persistence;

/// <summary>The storage transaction a message is handled in.</summary>
public interface ISynchronizedStorageSession;
