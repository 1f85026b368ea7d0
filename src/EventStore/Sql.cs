using System.Reflection;
using Npgsql;

namespace EventStore;

/// <summary>The .sql files of this project, by folder and name.</summary>
internal static class Sql
{
    private static readonly Assembly Home = typeof(Sql).Assembly;

    /// <param name="file">As in <c>Reading/read_log.sql</c>.</param>
    public static string Read(string file)
    {
        var name = $"{nameof(EventStore)}.{file.Replace('/', '.')}";
        using var stream = Home.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded in {Home.GetName().Name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>A command of one of the files, with its parameters $1, $2, ….</summary>
    public static NpgsqlCommand Command(NpgsqlConnection connection, string file, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(Read(file), connection);
        command.Parameters.AddRange(parameters);
        return command;
    }

    public static NpgsqlParameter Text(string? value) => new NpgsqlParameter<string?> { TypedValue = value };

    public static NpgsqlParameter Number(long value) => new NpgsqlParameter<long> { TypedValue = value };

    /// <summary>Files of a folder, in order of their names.</summary>
    public static IReadOnlyList<string> Files(string folder)
    {
        var prefix = $"{nameof(EventStore)}.{folder}.";
        return [.. Home.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => $"{folder}/{name[prefix.Length..]}")
            .Order(StringComparer.Ordinal)];
    }
}
