using System.Security.Cryptography;

namespace Cli.Backup;

/// <summary>The dump's files and their checksums.</summary>
internal static class BackupFiles
{
    /// <summary>The directory of pg_dump's directory format, inside the backup's.</summary>
    public const string Dump = "commerce.dump";

    /// <summary>Checksums of all files of the dump, read back from the disk.</summary>
    public static async Task<IReadOnlyList<BackupFile>> Sum(string directory, CancellationToken cancellationToken)
    {
        var files = new List<BackupFile>();
        var dump = new DirectoryInfo(Path.Combine(directory, Dump));
        foreach (var file in dump.EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal))
            files.Add(new BackupFile($"{Dump}/{file.Name}", file.Length, await Sha256(file, cancellationToken)));
        return files;
    }

    /// <returns>What differs from the manifest, a line each; empty: the files are as they were written.</returns>
    public static async Task<IReadOnlyList<string>> Compare(
        string directory, BackupManifest manifest, CancellationToken cancellationToken)
    {
        var findings = new List<string>();
        foreach (var expected in manifest.Files)
        {
            var file = new FileInfo(Path.Combine(directory, expected.Name));
            if (!file.Exists)
                findings.Add($"{expected.Name} is missing");
            else if (file.Length != expected.Bytes)
                findings.Add($"{expected.Name} has {file.Length} bytes, not {expected.Bytes}");
            else if (await Sha256(file, cancellationToken) != expected.Sha256)
                findings.Add($"{expected.Name} has other content than was written: its checksum differs");
        }
        return findings;
    }

    private static async Task<string> Sha256(FileInfo file, CancellationToken cancellationToken)
    {
        await using var content = file.OpenRead();
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
    }
}
