using System.Collections.Concurrent;

namespace QueryApi.Stores;

/// <summary>SQL from the .sql files beside the classes that run it.</summary>
internal static class Sql
{
    private static readonly ConcurrentDictionary<string, string> Texts = new(StringComparer.Ordinal);

    /// <summary>The file named as the class, in its folder.</summary>
    public static string Of<T>() => Named($"{typeof(T).FullName}.sql");

    /// <summary>A file in the folder of the class.</summary>
    public static string Beside<T>(string name) => Named($"{typeof(T).Namespace}.{name}.sql");

    private static string Named(string resource) => Texts.GetOrAdd(resource, static name =>
    {
        using var stream = typeof(Sql).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The SQL file {name} is not embedded: add it beside its class.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });
}
