namespace Projections.Engine;

/// <summary>SQL statements and mappings that are files beside the code, built into the assembly.</summary>
internal static class EmbeddedText
{
    /// <param name="path">From the project's folder, such as <c>Catalog/ProductDetails.sql</c>.</param>
    /// <exception cref="InvalidOperationException">There is no such file in the assembly.</exception>
    public static string Read(string path)
    {
        var assembly = typeof(EmbeddedText).Assembly;
        var name = $"{nameof(Projections)}.{path.Replace('/', '.')}";
        using var stream = assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException(
            $"{path} is not in {assembly.GetName().Name}: list it as an EmbeddedResource in Projections.csproj.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
