using System.Data.Common;
using Npgsql;

namespace Portable.Messaging.Persistence.Sql;

/// <summary>The connection and transaction one message is handled in. Not disposable on purpose: containers dispose
/// what they resolve, and Npgsql hands a transaction's object to the connection's next user.</summary>
internal sealed class SqlSession(NpgsqlConnection connection, NpgsqlTransaction transaction)
    : ISynchronizedStorageSession, ISqlStorageSession
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

    /// <summary>As <see cref="Close"/>, after a failure: what breaks now must not hide what broke
    /// first.</summary>
    public async ValueTask Abandon()
    {
        try
        {
            await Close();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException or TimeoutException)
        {
            // Its server process ends the transaction with the connection.
            NpgsqlConnection.ClearPool(connection);
        }
    }

    /// <summary>Rolls back what is not committed, and returns the connection to its pool. Called once.</summary>
    public async ValueTask Close()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
