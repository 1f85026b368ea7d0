using System.Collections.Concurrent;

namespace Portable.Messaging.Persistence.Sql;

/// <summary>The statements beside this file, with the names of tables and columns filled in.</summary>
internal static class SqlText
{
    private static readonly ConcurrentDictionary<string, string> Files = [];

    public static string Load(string name, params (string Placeholder, string Value)[] names)
    {
        var text = Files.GetOrAdd(name, Read);
        foreach (var (placeholder, value) in names)
        {
            text = text.Replace($"{{{placeholder}}}", value, StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>A name in double quotes.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    // Comments stay behind: every statement travels to the server once per connection.
    private static string Read(string name)
    {
        using var stream = typeof(SqlText).Assembly
            .GetManifestResourceStream($"Portable.Messaging.Persistence.Sql.{name}.sql")!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n').Where(line => !line.StartsWith("--", StringComparison.Ordinal));
        return string.Join('\n', lines).TrimEnd();
    }
}
