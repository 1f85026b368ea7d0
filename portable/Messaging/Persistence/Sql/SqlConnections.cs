using System.Data;
using System.Data.Common;
using Npgsql;

namespace Portable.Messaging.Persistence.Sql;

/// <summary>Connections as the application's builder makes them, opened.</summary>
internal sealed class SqlConnections(Func<DbConnection> build)
{
    /// <exception cref="InvalidOperationException">The builder makes connections of another database.</exception>
    public async ValueTask<NpgsqlConnection> Open(CancellationToken cancellationToken)
    {
        var built = build();
        if (built is not NpgsqlConnection connection)
        {
            throw new InvalidOperationException(
                $"The SQL persistence's connection builder returned a {built?.GetType().Name ?? "null"}: "
                + "it must return an NpgsqlConnection.");
        }

        if (connection.State == ConnectionState.Closed)
        {
            await connection.OpenAsync(cancellationToken);
        }

        return connection;
    }
}
