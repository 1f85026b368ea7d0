using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;

namespace Operations.Storage;

/// <summary>SQL from the .sql files beside the classes that run it.</summary>
internal static class Sql
{
    private static readonly ConcurrentDictionary<string, string> Texts = new(StringComparer.Ordinal);

    /// <summary>A file in the folder of the class, such as <c>list-messages</c>.</summary>
    public static string Beside<T>(string name) => Named($"{typeof(T).Namespace}.{name}.sql");

    /// <summary>An embedded file by its full name.</summary>
    public static string Named(string resource) => Texts.GetOrAdd(resource, static name =>
    {
        using var stream = typeof(Sql).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The SQL file {name} is not embedded: add it beside its class.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });

    /// <summary>The command with its parameters $1, $2, …; null is the database's null.</summary>
    public static NpgsqlCommand With(this NpgsqlCommand command, params ReadOnlySpan<object?> values)
    {
        foreach (var value in values)
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }

    /// <summary>A parameter that may be null: the database cannot tell the type of a null by itself.</summary>
    public static NpgsqlParameter Typed(NpgsqlDbType type, object? value) =>
        new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };

    /// <summary>A command of this transaction.</summary>
    public static NpgsqlCommand Command(
        this NpgsqlTransaction transaction, string sql, params ReadOnlySpan<object?> values) =>
        new NpgsqlCommand(sql, transaction.Connection, transaction).With(values);

    /// <summary>Runs a statement on a connection of the pool and says how many rows it touched.</summary>
    public static async Task<int> Execute(
        this NpgsqlDataSource database, string sql, CancellationToken cancellationToken, params object?[] values)
    {
        await using var command = database.CreateCommand(sql).With(values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Runs a statement in this transaction and says how many rows it touched.</summary>
    public static async Task<int> Execute(
        this NpgsqlTransaction transaction, string sql, CancellationToken cancellationToken, params object?[] values)
    {
        await using var command = transaction.Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads all rows of a statement.</summary>
    public static async Task<List<T>> Read<T>(
        this NpgsqlCommand command, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken)
    {
        List<T> rows = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(row(reader));
        return rows;
    }

    /// <summary>The value of a column; default where it is null.</summary>
    public static T? Maybe<T>(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? default : row.GetFieldValue<T>(column);
}
