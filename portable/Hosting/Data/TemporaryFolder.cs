namespace Portable.Hosting.Data;

/// <summary>
/// A folder that goes with this process. One left by a process that was killed is deleted by the next process that
/// makes one.
/// </summary>
internal sealed class TemporaryFolder : IDisposable
{
    private const UnixFileMode Passable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>A folder without lock that is younger may be in the making.</summary>
    private static readonly TimeSpan Young = TimeSpan.FromMinutes(1);

    private readonly FolderLock claim;

    private TemporaryFolder(string path, FolderLock claim)
    {
        Path = path;
        this.claim = claim;
    }

    public string Path { get; }

    public static TemporaryFolder Create(string product)
    {
        var parent = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{product}-{Environment.UserName}", "runs");
        Directory.CreateDirectory(parent, Passable);
        Sweep(parent);
        var path = System.IO.Path.Combine(parent, $"{DateTime.UtcNow:HHmmss}-{Guid.NewGuid().ToString("N")[..8]}");
        Directory.CreateDirectory(path, Passable);
        return new TemporaryFolder(path, FolderLock.Take(path));
    }

    public void Dispose()
    {
        // In this order: a folder without lock is for others to sweep.
        Delete(Path);
        claim.Dispose();
    }

    private static void Sweep(string parent)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent))
        {
            if (DateTime.UtcNow - Directory.GetLastWriteTimeUtc(folder) < Young) continue;
            using var left = FolderLock.TryTake(folder);
            if (left is not null) Delete(folder);
        }
    }

    /// <summary>
    /// Deletes as far as it goes: a server that is still ending may write, and the next sweep takes what remains.
    /// </summary>
    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"Can't delete {folder} yet ({failure.Message}); a later run will.");
        }
    }
}
