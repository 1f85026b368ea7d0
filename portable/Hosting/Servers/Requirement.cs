namespace Portable.Hosting.Servers;

/// <summary>A server program that must be on this machine.</summary>
/// <param name="Name">What a user calls it.</param>
/// <param name="Package">Debian package that brings it.</param>
/// <param name="Find">Finds the program; null when it is missing.</param>
internal sealed record Requirement(string Name, string Package, Func<string?> Find);

/// <summary>Finds programs on this machine.</summary>
internal static class Programs
{
    /// <summary>Folders that hold server programs but are not on every user's PATH.</summary>
    private static readonly string[] MoreFolders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>Path of a program on PATH or in the usual folders; null when it is missing.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(MoreFolders)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}
