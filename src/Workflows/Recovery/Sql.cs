namespace Workflows.Recovery;

/// <summary>The statements in this folder.</summary>
internal static class Sql
{
    public static string Read(string statement)
    {
        var name = $"{typeof(Sql).Namespace}.{statement}.sql";
        using var stream = typeof(Sql).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"There is no statement {name} in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
