using System.IO.Compression;
using System.Runtime.InteropServices;

namespace EventStore.Archiving;

/// <summary>
/// Files that survive a crash of the machine once they are written: made under another name, flushed to the disk,
/// renamed, and the directory flushed.
/// </summary>
internal static class ArchiveFile
{
    private const string Unfinished = ".unfinished";

    public static async Task<T> Write<T>(string path, Func<Stream, Task<T>> write)
    {
        var unfinished = path + Unfinished;
        T result;
        await using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            result = await write(file);
            file.Flush(flushToDisk: true);
        }
        File.Move(unfinished, path, overwrite: true);
        FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return result;
    }

    public static Task<ContentDigest> WriteCompressed(string path, Func<Stream, Task<ContentDigest>> write) =>
        Write(path, async file =>
        {
            await using var compressed = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true);
            return await write(compressed);
        });

    public static Stream OpenCompressed(string path) => new GZipStream(
        new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024), CompressionMode.Decompress);

    /// <summary>Reads a file and compares it with its manifest.</summary>
    /// <exception cref="InvalidDataException">It is not what was written.</exception>
    public static async Task Verify(string directory, ArchiveContent content, CancellationToken cancellationToken)
    {
        var path = Path.Combine(directory, content.File);
        try
        {
            await using var rows = OpenCompressed(path);
            var digest = await ContentStream.FromBytes(rows, to: null, cancellationToken);
            if (!content.Equals(digest))
            {
                throw new InvalidDataException(
                    $"'{path}' is damaged: its content has SHA-256 {digest.Sha256} and {digest.Rows} rows, its manifest "
                    + $"says {content.Sha256} and {content.Rows}. Take another copy.");
            }
        }
        catch (FileNotFoundException e)
        {
            throw new InvalidDataException($"'{path}' is missing: its manifest names it.", e);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException && e.Message[0] != '\'')
        {
            throw new InvalidDataException($"'{path}' is damaged: {e.Message}", e);
        }
    }

    /// <summary>A new name is on the disk only when its directory is.</summary>
    private static void FlushDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(directory, 0);
        if (descriptor < 0)
            throw new IOException($"'{directory}' cannot be flushed: error {Marshal.GetLastPInvokeError()}.");
        var failed = Flush(descriptor) != 0;
        var error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (failed)
            throw new IOException($"'{directory}' cannot be flushed: error {error}.");
    }

#pragma warning disable SYSLIB1054 // Generated marshalling would need unsafe code.
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Flush(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Close(int descriptor);
#pragma warning restore SYSLIB1054
}
