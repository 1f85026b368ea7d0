using System.Data.Common;
using Npgsql;

namespace Portable.Messaging.Persistence.Sql;

/// <summary>The connection and transaction one message is handled in.</summary>
internal sealed class SqlSession(NpgsqlConnection connection, NpgsqlTransaction transaction)
    : ISynchronizedStorageSession, ISqlStorageSession, IAsyncDisposable
{
    private List<Func<ISqlStorageSession, CancellationToken, Task>>? saving;

    public NpgsqlConnection Connection => connection;

    public NpgsqlTransaction Transaction => transaction;

    DbConnection ISqlStorageSession.Connection => connection;

    DbTransaction ISqlStorageSession.Transaction => transaction;

    public void OnSaveChanges(Func<ISqlStorageSession, CancellationToken, Task> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        (saving ??= []).Add(callback);
    }

    public async Task Save(CancellationToken cancellationToken)
    {
        foreach (var callback in saving ?? [])
        {
            await callback(this, cancellationToken);
        }
    }

    /// <summary>Rolls back what is not committed, and returns the connection to its pool.</summary>
    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
