using System.Data.Common;
using Npgsql;

namespace Portable.Messaging.Persistence.Sql;

/// <summary>The connection and transaction one message is handled in. Not disposable on purpose: containers dispose
/// what they resolve, and Npgsql hands a transaction's object to the connection's next user.</summary>
internal sealed class SqlSession(
    NpgsqlConnection connection, NpgsqlTransaction transaction, SqlConnections connections)
    : ISynchronizedStorageSession, ISqlStorageSession
{
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ReleasePatience = TimeSpan.FromSeconds(1);
    private static readonly string EndBackend = SqlText.Load("end-backend");

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
    /// first, and a handler that was given up must not keep its locks.</summary>
    public async ValueTask Abandon()
    {
        try
        {
            await Close().AsTask().WaitAsync(ClosePatience);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException or TimeoutException)
        {
            // Broken, or still in the hands of a handler that was given up: then Npgsql waits for its statement.
            if (!await TryEndBackend())
            {
                // The server ends the transaction with the connection, which does not return to the pool.
                NpgsqlConnection.ClearPool(connection);
            }

            await Release();
        }
    }

    /// <summary>Has the server end the transaction and whatever statement runs in it.</summary>
    private async Task<bool> TryEndBackend()
    {
        using var limit = new CancellationTokenSource(ClosePatience);
        try
        {
            var process = connection.ProcessID;
            await using var other = await connections.Open(limit.Token);
            await using var command = new NpgsqlCommand(EndBackend, other);
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = process });
            return await command.ExecuteScalarAsync(limit.Token) is true;
        }
        catch (Exception e) when (
            e is NpgsqlException or InvalidOperationException or IOException or TimeoutException
                or OperationCanceledException)
        {
            // The connection is gone already, or so is the server.
            return false;
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
