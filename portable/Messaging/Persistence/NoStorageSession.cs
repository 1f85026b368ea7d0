namespace Portable.Messaging.Persistence;

/// <summary>The session of an endpoint without persistence.</summary>
internal sealed class NoStorageSession : ISynchronizedStorageSession
{
    public static readonly NoStorageSession Instance = new();
}
