using System.Globalization;
using Npgsql;

namespace EventStore.Archiving;

/// <summary>
/// Archives one partition. Files first, then the row that tells readers, then the tables go: wherever it ends,
/// repeating it goes on, and the events are in the log, in verified files, or in both.
/// </summary>
internal sealed class PartitionArchiving(NpgsqlConnection connection, string directory, Guid store, string schema)
{
    public async Task Archive(
        ArchivablePartition partition, string by, Action<string> progress, CancellationToken cancellationToken)
    {
        var tables = new PartitionTables(connection, partition.From);
        var manifest = partition.Interrupted
            ? await Recorded(partition, cancellationToken)
            : await Existing(partition, tables, progress, cancellationToken)
                ?? await Write(partition, tables, progress, cancellationToken);

        progress("reading the files back");
        await ArchiveFile.Verify(directory, manifest.Events, cancellationToken);
        await ArchiveFile.Verify(directory, manifest.Tags, cancellationToken);

        progress("detaching");
        if (!partition.Interrupted)
        {
            await tables.NoteNewest(cancellationToken);
            await new ArchiveStatements(connection).Record(
                manifest, Path.GetFullPath(directory), by, cancellationToken);
        }
        await tables.Remove(cancellationToken);
    }

    /// <summary>The files of a partition whose tables were about to go, or partly have.</summary>
    /// <exception cref="InvalidDataException">They are elsewhere.</exception>
    private async Task<ArchiveManifest> Recorded(ArchivablePartition partition, CancellationToken cancellationToken)
    {
        var (recorded, sha256) = (await new ArchiveStatements(connection).Archives(cancellationToken))
            .Single(each => each.Partition.From == partition.From);
        var path = ArchiveManifest.PathIn(directory, partition.From);
        return File.Exists(path) && ArchiveManifest.Read(path) is var manifest && manifest.Events.Sha256 == sha256
            ? manifest
            : throw new InvalidDataException(
                $"Archiving partition {partition.From} to '{recorded.Directory}' was interrupted: repeat it with that "
                + "directory.");
    }

    /// <summary>The files that an earlier try has written; null where there are none.</summary>
    /// <exception cref="InvalidDataException">There are, and they are of something else.</exception>
    private async Task<ArchiveManifest?> Existing(
        ArchivablePartition partition, PartitionTables tables, Action<string> progress, CancellationToken cancellationToken)
    {
        var path = ArchiveManifest.PathIn(directory, partition.From);
        if (!File.Exists(path))
            return null;
        progress("comparing the files that are there");
        var manifest = ArchiveManifest.Read(path);
        if (manifest.Store != store || manifest.To != partition.To)
        {
            throw new InvalidDataException(
                $"'{path}' is of another log (store {manifest.Store}, this is {store}): give a directory of its own.");
        }
        return manifest.Events.Equals(await tables.CopyEventsOut(to: null, cancellationToken))
            && manifest.Tags.Equals(await tables.CopyTagsOut(to: null, cancellationToken))
            ? manifest
            : throw new InvalidDataException(
                $"'{path}' is of other events than partition {partition.From} has: give another directory.");
    }

    private async Task<ArchiveManifest> Write(
        ArchivablePartition partition, PartitionTables tables, Action<string> progress, CancellationToken cancellationToken)
    {
        progress(string.Create(CultureInfo.InvariantCulture, $"writing {partition.Events:N0} events"));
        var extent = await tables.Measure(cancellationToken);
        var (events, tags) = (Name("events"), Name("tagged"));
        var eventsWritten = await ArchiveFile.WriteCompressed(
            Path.Combine(directory, events), file => tables.CopyEventsOut(file, cancellationToken));
        var tagsWritten = await ArchiveFile.WriteCompressed(
            Path.Combine(directory, tags), file => tables.CopyTagsOut(file, cancellationToken));
        if (eventsWritten.Rows != extent.Events)
        {
            throw new InvalidOperationException(
                $"Partition {partition.From} has {extent.Events} events, {eventsWritten.Rows} were written: something "
                + "changed it. Nothing was archived.");
        }
        var manifest = new ArchiveManifest(
            ArchiveManifest.CurrentFormat, store, schema, partition.From, partition.To, extent.First, extent.Last,
            extent.Oldest, extent.Newest,
            Content(events, PartitionTables.EventColumns, eventsWritten),
            Content(tags, PartitionTables.TagColumns, tagsWritten),
            DateTimeOffset.UtcNow);
        return await ArchiveFile.Write(ArchiveManifest.PathIn(directory, partition.From), async file =>
        {
            await file.WriteAsync(manifest.ToJson(), cancellationToken);
            return manifest;
        });

        string Name(string kind) =>
            string.Create(CultureInfo.InvariantCulture, $"{kind}_from_{partition.From}.copy.gz");
    }

    private static ArchiveContent Content(string file, IReadOnlyList<string> columns, ContentDigest digest) =>
        new(file, columns, digest.Rows, digest.Bytes, digest.Sha256);
}
