using Portable.Messaging.Persistence.Sql;

namespace Portable.Messaging.Persistence;

/// <summary>What services in the scope of a message can be given: its transaction.</summary>
internal sealed class MessageScope
{
    public ISynchronizedStorageSession? Session { get; set; }

    public ISynchronizedStorageSession Required => Session ?? throw new InvalidOperationException(
        "There is no storage session outside of the handling of a message. Resolve it in a handler.");

    public ISqlStorageSession Sql => Required.SqlPersistenceSession();
}
