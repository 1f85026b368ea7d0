namespace Cli;

/// <summary>Files that are built into the program, beside the classes that use them.</summary>
internal static class Embedded
{
    /// <param name="type">A class in the file's folder.</param>
    /// <param name="file">Its name, such as <c>look.sql</c>.</param>
    public static string Beside(Type type, string file)
    {
        var name = $"{type.Namespace}.{file}";
        using var stream = type.Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded: list it as an EmbeddedResource in Cli.csproj.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
