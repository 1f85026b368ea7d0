using System.Data.Common;
using Portable.Messaging.Persistence;
using Portable.Messaging.Persistence.Sql;

namespace Portable.Messaging.Persistence.Sql
{
    /// <summary>The PostgreSQL transaction a message is handled in. Whatever a handler writes through it commits
    /// together with the saga data and the outgoing messages, once. Injectable into handlers. The engine commits and
    /// closes; a handler does neither.</summary>
    public interface ISqlStorageSession
    {
        DbTransaction Transaction { get; }

        DbConnection Connection { get; }

        /// <summary>Called before the commit, after all handlers of the message.</summary>
        void OnSaveChanges(Func<ISqlStorageSession, CancellationToken, Task> callback);
    }
}

namespace Portable.Messaging
{
    /// <summary>The SQL transaction behind a handler's context.</summary>
    public static class SqlPersistenceStorageSessionExtensions
    {
        /// <exception cref="InvalidOperationException">The endpoint has no SQL persistence.</exception>
        public static ISqlStorageSession SqlPersistenceSession(this ISynchronizedStorageSession session)
        {
            ArgumentNullException.ThrowIfNull(session);
            return session as ISqlStorageSession ?? throw new InvalidOperationException(
                $"This endpoint keeps no SQL transaction (its session is a {session.GetType().Name}). "
                + "Configure it with UsePersistence<SqlPersistence>().");
        }
    }
}
