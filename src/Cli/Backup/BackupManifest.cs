using System.Text.Json;

namespace Cli.Backup;

/// <summary>
/// What a backup says of itself, in <c>backup.json</c>. The file is written last: without it there is no backup.
/// </summary>
/// <param name="TakenAt">Everything committed before this moment is in the backup, nothing committed after.</param>
/// <param name="Server">Major version of the PostgreSQL server that it comes from.</param>
/// <param name="Program">Of the pg_dump that wrote it; pg_restore has to be as new.</param>
/// <param name="Log">Which event log it is; a copy has the same id.</param>
/// <param name="Head">Position of the last event in it; 0 where the log is empty.</param>
/// <param name="Drawn">The last position that was drawn until then, by transactions under way too.</param>
/// <param name="Rows">Rows of each table, as the snapshot had them.</param>
/// <param name="Roles">
/// Roles that have rights on something in it. They belong to the server, so the dump has none.
/// </param>
/// <param name="Unsettled">
/// Commands that were accepted and had no outcome yet. A restore tells their senders that they failed.
/// </param>
/// <param name="Files">The files of the dump.</param>
internal sealed record BackupManifest(
    int Format,
    DateTimeOffset TakenAt,
    string Database,
    int Server,
    string Program,
    Guid? Log,
    long Head,
    long Drawn,
    long Events,
    long Unsettled,
    IReadOnlyDictionary<string, long> Rows,
    IReadOnlyList<string> Roles,
    IReadOnlyList<BackupFile> Files)
{
    public const int CurrentFormat = 1;
    public const string FileName = "backup.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public long Bytes => Files.Sum(file => file.Bytes);

    /// <summary>Written beside and renamed, and flushed to the disk before that.</summary>
    public async Task Write(string directory, CancellationToken cancellationToken)
    {
        var path = Path.Combine(directory, FileName);
        await using (var file = new FileStream(path + ".partial", FileMode.Create, FileAccess.Write))
        {
            await JsonSerializer.SerializeAsync(file, this, Json, cancellationToken);
            file.Flush(flushToDisk: true);
        }
        File.Move(path + ".partial", path);
    }

    /// <exception cref="InvalidDataException">
    /// There is no backup in the directory, or one of another format.
    /// </exception>
    public static async Task<BackupManifest> Read(string directory, CancellationToken cancellationToken)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            throw new InvalidDataException(
                $"'{directory}' holds no complete backup: it has no {FileName}. Name a directory that cqrs backup has written.");
        }
        try
        {
            await using var file = File.OpenRead(path);
            var manifest = await JsonSerializer.DeserializeAsync<BackupManifest>(file, Json, cancellationToken);
            return manifest is { Format: CurrentFormat, Files: not null, Rows: not null, Roles: not null }
                ? manifest
                : throw new InvalidDataException(
                    $"'{path}' has format {manifest?.Format}; this program reads format {CurrentFormat}.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"'{path}' is damaged: {exception.Message}", exception);
        }
    }
}

/// <param name="Name">Relative to the backup's directory, with forward slashes.</param>
/// <param name="Sha256">Of its content, in lower-case hexadecimal.</param>
internal sealed record BackupFile(string Name, long Bytes, string Sha256);
