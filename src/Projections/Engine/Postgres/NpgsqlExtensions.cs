using Npgsql;

namespace Projections.Engine.Postgres;

internal static class NpgsqlExtensions
{
    /// <summary>Runs SQL text, one statement or several, without a result.</summary>
    public static async Task Execute(
        this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = connection.CreateCommand().With(sql, parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Sets text and positional parameters; null is sent as NULL.</summary>
    public static NpgsqlCommand With(this NpgsqlCommand command, string sql, params object?[] parameters)
    {
        command.CommandText = sql;
        foreach (var value in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }
}
