using System.Globalization;
using System.Text.Json;

namespace EventStore.Archiving;

/// <summary>
/// What the files of a partition hold, as JSON beside them. Written last: a partition without its manifest was not
/// archived.
/// </summary>
/// <param name="Format">See <see cref="CurrentFormat"/>.</param>
/// <param name="Store">The log they belong to.</param>
/// <param name="Schema">The last migration of the database they were written from.</param>
/// <param name="From">The partition's first position.</param>
/// <param name="To">The first position behind the partition.</param>
/// <param name="First">Position of the first event; 0 where there is none.</param>
/// <param name="Last">Position of the last event; 0 where there is none.</param>
internal sealed record ArchiveManifest(
    int Format,
    Guid Store,
    string Schema,
    long From,
    long To,
    long First,
    long Last,
    DateTimeOffset? Oldest,
    DateTimeOffset? Newest,
    ArchiveContent Events,
    ArchiveContent Tags,
    DateTimeOffset WrittenAt)
{
    /// <summary>
    /// 1: rows as COPY writes them (text format, UTF-8, time zone UTC), columns as listed, gzip.
    /// </summary>
    public const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static string PathIn(string directory, long from) =>
        Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"partition_{from}.json"));

    /// <summary>The manifests of a directory, by position.</summary>
    /// <exception cref="InvalidDataException">One cannot be read.</exception>
    public static IReadOnlyList<ArchiveManifest> ReadAll(string directory)
    {
        if (!Directory.Exists(directory))
            throw new InvalidDataException($"There is no directory '{directory}'.");
        return [.. Directory.EnumerateFiles(directory, "partition_*.json").Select(Read).OrderBy(each => each.From)];
    }

    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public static ArchiveManifest Read(string path)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize<ArchiveManifest>(File.ReadAllBytes(path), Json);
            return manifest is { Format: CurrentFormat }
                ? manifest
                : throw new InvalidDataException(
                    $"'{path}' has format {manifest?.Format}, this program reads {CurrentFormat}: use a newer one.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is no manifest of an archive: {e.Message}", e);
        }
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);
}

/// <summary>One file.</summary>
/// <param name="Bytes">Uncompressed.</param>
/// <param name="Sha256">Of the uncompressed content, in hexadecimal digits.</param>
internal sealed record ArchiveContent(
    string File, IReadOnlyList<string> Columns, long Rows, long Bytes, string Sha256)
{
    /// <summary>Whether it is the same rows.</summary>
    public bool Equals(ContentDigest digest) => (Rows, Bytes, Sha256) == (digest.Rows, digest.Bytes, digest.Sha256);
}

/// <summary>What tells whether rows are the same.</summary>
internal readonly record struct ContentDigest(long Rows, long Bytes, string Sha256);
