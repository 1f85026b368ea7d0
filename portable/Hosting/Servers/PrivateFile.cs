namespace Portable.Hosting.Servers;

/// <summary>A file with a secret inside, readable by its owner alone.</summary>
internal static class PrivateFile
{
    /// <returns>The path.</returns>
    public static async Task<string> Write(string path, string text, CancellationToken cancellationToken)
    {
        File.Delete(path);
        await using var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        await using var writer = new StreamWriter(stream);
        await writer.WriteAsync(text.AsMemory(), cancellationToken);
        return path;
    }
}
