namespace Portable.Hosting.Data;

/// <summary>
/// Claims a folder for this process. The claim is the operating system's lock on a file, which ends with the process
/// however it ends: a file left by a crash blocks nobody.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private const string LockFile = "host.lock";
    private const string HolderFile = "host.holder";

    private readonly FileStream file;

    private FolderLock(FileStream file) => this.file = file;

    /// <exception cref="DistributedApplicationException">Another process holds the folder.</exception>
    public static FolderLock Take(string folder)
    {
        var taken = TryTake(folder) ?? throw new DistributedApplicationException(
            $"The data in {folder} is in use by {Holder(folder)}. Stop that one, run beside it without kept data " +
            "(--ephemeral), or use another folder (--data DIR).");
        File.WriteAllText(
            Path.Combine(folder, HolderFile), $"process {Environment.ProcessId}, started {DateTime.Now:yyyy-MM-dd HH:mm:ss}");
        return taken;
    }

    /// <summary>Null when another process holds the folder, or it is gone.</summary>
    public static FolderLock? TryTake(string folder)
    {
        try
        {
            return new FolderLock(new FileStream(
                Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => file.Dispose();

    private static string Holder(string folder)
    {
        var path = Path.Combine(folder, HolderFile);
        return File.Exists(path) ? $"another app host ({File.ReadAllText(path)})" : "another app host";
    }
}
