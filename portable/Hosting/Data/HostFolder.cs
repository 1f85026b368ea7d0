using System.Security.Cryptography;
using System.Text;
using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting.Data;

/// <summary>
/// Folders of one app host: one for data that is kept, passwords and logs, and a temporary one for what is not kept.
/// </summary>
internal sealed class HostFolder : IDisposable
{
    private const string Product = "portable-hosting";
    private const UnixFileMode Passable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly bool ephemeral;
    private readonly string? chosen;
    private readonly string identity;
    private readonly IResourceCollection resources;
    private FolderLock? keptLock;
    private TemporaryFolder? temporary;

    public HostFolder(DistributedApplicationBuilder builder)
    {
        ephemeral = builder.CommandLine.Ephemeral
            || (builder.Options.Testing && builder.CommandLine.DataFolder is null);
        chosen = builder.CommandLine.DataFolder;
        resources = builder.Resources;
        var name = builder.AppHostAssembly?.GetName().Name ?? "apphost";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(builder.AppHostDirectory)));
        identity = $"{name.ToLowerInvariant()}-{Convert.ToHexStringLower(hash)[..8]}";
    }

    /// <summary>Whether anything is kept after the run.</summary>
    public bool KeepsData => !ephemeral && resources.Any(resource => resource.HasAnnotationOfType<DataVolumeAnnotation>());

    /// <summary>
    /// Folder for what is kept. By default in the user's data folder; for root under /var/lib, because PostgreSQL runs
    /// as a user of its own who can't reach root's home.
    /// </summary>
    public string Kept => chosen ?? Path.Combine(DefaultRoot(), identity);

    public string Logs => Path.Combine(KeepsData ? Kept : Temporary, "logs");

    private string Temporary => (temporary ??= TemporaryFolder.Create(Product)).Path;

    /// <summary>Creates the folders and claims the kept one.</summary>
    /// <exception cref="DistributedApplicationException">Another app host uses it, or it can't be written.</exception>
    public void Open()
    {
        try
        {
            if (KeepsData)
            {
                Directory.CreateDirectory(Kept, Passable);
                keptLock = FolderLock.Take(Kept);
            }
            Directory.CreateDirectory(Logs);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException(
                $"No permission to write to {(KeepsData ? Kept : Path.GetTempPath())}: {failure.Message} " +
                "Choose another folder with --data DIR, or keep nothing with --ephemeral.", failure);
        }
    }

    /// <summary>The data folder of a server, made when missing.</summary>
    public string Of(IResource resource)
    {
        var kept = !ephemeral && resource.HasAnnotationOfType<DataVolumeAnnotation>();
        resource.TryGetLastAnnotation<DataVolumeAnnotation>(out var volume);
        var folder = Path.Combine(kept ? Kept : Temporary, volume?.Name ?? resource.Name.ToLowerInvariant());
        return Directory.CreateDirectory(folder, Passable).FullName;
    }

    public void Dispose()
    {
        keptLock?.Dispose();
        temporary?.Dispose();
    }

    private static string DefaultRoot() => Environment.UserName == "root"
        ? $"/var/lib/{Product}"
        : Path.Combine(Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), Product);
}
