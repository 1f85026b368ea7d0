using Npgsql;

namespace Portable.Messaging.Persistence.Sql;

/// <summary>Statements of a batch and their typed parameters.</summary>
internal static class Statement
{
    public static NpgsqlBatchCommand Of(string text, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(text);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    public static NpgsqlParameter Text(string text) => new NpgsqlParameter<string> { TypedValue = text };

    public static NpgsqlParameter Id(Guid id) => new NpgsqlParameter<Guid> { TypedValue = id };

    public static NpgsqlParameter Number(int number) => new NpgsqlParameter<int> { TypedValue = number };
}
