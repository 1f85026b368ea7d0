using System.Data.Common;
using Npgsql;

namespace Portable.Messaging.Persistence.Sql;

/// <summary>The connection and transaction one message is handled in. Not disposable on purpose: containers dispose
/// what they resolve, and Npgsql hands a transaction's object to the connection's next user.</summary>
internal sealed class SqlSession(NpgsqlConnection connection, NpgsqlTransaction transaction)
    : ISynchronizedStorageSession, ISqlStorageSession
{
    private static readonly TimeSpan ReleasePatience = TimeSpan.FromSeconds(1);

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
            // Broken, or still in the hands of a handler that was given up: the server ends the transaction with the
            // connection, which does not return to the pool.
            NpgsqlConnection.ClearPool(connection);
            await Release();
        }
    }

    private async Task Release()
    {
        try
        {
            await connection.DisposeAsync().AsTask().WaitAsync(ReleasePatience);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException or TimeoutException)
        {
            // It ends with the command that holds it: the message's failure is what counts.
            return;
        }
    }

    /// <summary>Rolls back what is not committed, and returns the connection to its pool. Called once.</summary>
    public async ValueTask Close()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
