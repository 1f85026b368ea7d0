namespace Portable.Hosting.Dashboard;

/// <summary>
/// The dashboard asks for cultures by name. Without the ICU libraries, or where the environment turns them off (as
/// many build containers do), .NET refuses those names unless told to make them up.
/// </summary>
internal static class Globalization
{
    /// <summary>The environment variables under which the dashboard starts on this machine.</summary>
    public static IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string>
    {
        ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = HasIcu() ? "0" : "1",
        ["DOTNET_SYSTEM_GLOBALIZATION_PREDEFINED_CULTURES_ONLY"] = "0",
    };

    private static bool HasIcu() =>
        new[] { "/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64" }
            .Where(Directory.Exists)
            .SelectMany(root => Directory.EnumerateDirectories(root, "*-linux-*").Append(root))
            .Any(directory => Directory.EnumerateFiles(directory, "libicuuc.so*").Any());
}
