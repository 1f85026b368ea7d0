using EventStore.Archiving;
using Npgsql;

namespace EventStore;

/// <summary>
/// Takes the oldest partitions of the log out of the database into compressed files, and back. Takes the rights of the
/// schema's owner; appends and reads go on meanwhile. What is archived always lies below everything that is not: the
/// log begins behind it (decision 23).
/// </summary>
public sealed class LogArchive(NpgsqlDataSource dataSource)
{
    private const int StreamsAtOnce = 200;

    /// <summary>What archiving would do. Only reads, but reads the partitions once.</summary>
    public async Task<ArchivePlan> Plan(ArchiveSelection selection, CancellationToken cancellationToken = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await Plan(connection, selection, cancellationToken);
    }

    /// <summary>What is archived, the oldest first.</summary>
    public async Task<IReadOnlyList<ArchivedPartition>> List(CancellationToken cancellationToken = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. (await new ArchiveStatements(connection).Archives(cancellationToken)).Select(each => each.Partition)];
    }

    /// <summary>
    /// Writes whole partitions to files, the oldest first, and drops each once its files were flushed to the disk, read
    /// back, and found to hold what the table holds. Interrupted anywhere, it can be repeated, with the same directory
    /// or another. Waits for transactions that read or write the log.
    /// </summary>
    /// <param name="directory">
    /// Made where it is missing. Files of the same partition must be what would be written.
    /// </param>
    /// <exception cref="StreamsAtRiskException">
    /// Folds would fail, and <see cref="ArchiveOptions.Force"/> is not set.
    /// </exception>
    /// <exception cref="InvalidDataException">
    /// The directory holds something else, or a file came back damaged.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another archiving or restoring is running.</exception>
    public async Task<IReadOnlyList<ArchivablePartition>> Archive(
        string directory,
        ArchiveSelection selection,
        ArchiveOptions options,
        Action<ArchiveProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Input.CheckName(options.By, "name of who archives");
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var statements = new ArchiveStatements(connection);
        await statements.Lock(cancellationToken);
        try
        {
            var plan = await Plan(connection, selection, cancellationToken);
            if (plan.Partitions.Count == 0)
                return [];
            Directory.CreateDirectory(directory);
            if (plan.StreamsAtRisk > 0)
                await Secure(statements, plan.Partitions[^1].To, options, progress, cancellationToken);

            var archiving = new PartitionArchiving(
                connection,
                directory,
                await statements.Identity(cancellationToken),
                await statements.Schema(cancellationToken));
            foreach (var partition in plan.Partitions)
            {
                await archiving.Archive(
                    partition,
                    options.By,
                    step => progress?.Invoke(new ArchiveProgress(partition.From, step)),
                    cancellationToken);
            }
            return plan.Partitions;
        }
        finally
        {
            await statements.Unlock();
        }
    }

    /// <summary>
    /// Brings archived partitions back, the newest first, each whole or not at all. All files are checked before
    /// anything is touched.
    /// </summary>
    /// <param name="partition">
    /// The oldest partition to bring back (its first position), with those archived behind it; null: all.
    /// </param>
    /// <returns>What came back; nothing where nothing is archived.</returns>
    /// <exception cref="InvalidDataException">
    /// A file is missing, damaged, or of another log or other events; or that partition is not archived.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another archiving or restoring is running.</exception>
    public async Task<IReadOnlyList<ArchivedPartition>> Restore(
        string directory,
        long? partition = null,
        Action<ArchiveProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var statements = new ArchiveStatements(connection);
        await statements.Lock(cancellationToken);
        try
        {
            var archived = await statements.Archives(cancellationToken);
            if (partition is not null && archived.All(each => each.Partition.From != partition))
                throw new InvalidDataException($"Partition {partition} is not archived. Nothing was restored.");
            var wanted = archived.Where(each => each.Partition.From >= (partition ?? 0)).Reverse().ToArray();
            var manifests = await Check(statements, directory, wanted, progress, cancellationToken);
            var restoring = new PartitionRestoring(connection, directory);
            foreach (var manifest in manifests)
            {
                await restoring.Restore(
                    manifest,
                    step => progress?.Invoke(new ArchiveProgress(manifest.From, step)),
                    cancellationToken);
            }
            return [.. wanted.Select(each => each.Partition)];
        }
        finally
        {
            await statements.Unlock();
        }
    }

    /// <summary>The events in the files of a directory as they are stored, without a database.</summary>
    /// <returns>In order of position; data of every event is an <see cref="UnknownEvent"/>.</returns>
    /// <exception cref="InvalidDataException">A file is missing or damaged.</exception>
    public static IAsyncEnumerable<RecordedEvent> Read(string directory, CancellationToken cancellationToken = default) =>
        ArchiveReading.Read(directory, cancellationToken);

    private static async Task<ArchivePlan> Plan(
        NpgsqlConnection connection, ArchiveSelection selection, CancellationToken cancellationToken)
    {
        var statements = new ArchiveStatements(connection);
        var partitions = new List<ArchivablePartition>();
        foreach (var (from, to, archived) in await statements.CompletePartitions(cancellationToken))
        {
            if (!archived && to > (selection.Before ?? long.MaxValue))
                break;
            var extent = await new PartitionTables(connection, from).Measure(cancellationToken);
            if (!archived && selection.OlderThan is { } age && extent.Newest > DateTimeOffset.UtcNow - age)
                break;
            partitions.Add(new ArchivablePartition(
                from, to, extent.Events, extent.First, extent.Last, extent.Newest, archived));
        }
        var atRisk = partitions.Count == 0
            ? 0
            : await statements.CountAtRisk(partitions[^1].To, cancellationToken);
        return new ArchivePlan(partitions, atRisk);
    }

    /// <summary>Has snapshots kept, and sees what is left without.</summary>
    private static async Task Secure(
        ArchiveStatements statements,
        long before,
        ArchiveOptions options,
        Action<ArchiveProgress>? progress,
        CancellationToken cancellationToken)
    {
        if (options.KeepSnapshots is { } keep)
        {
            var behind = "";
            while (await statements.StreamsAtRisk(before, StreamsAtOnce, behind, cancellationToken) is [.., var last] streams)
            {
                progress?.Invoke(new ArchiveProgress(0, $"keeping snapshots up to {last}"));
                await keep(streams, cancellationToken);
                behind = last;
            }
        }
        if (!options.Force && await statements.CountAtRisk(before, cancellationToken) is > 0 and var left)
        {
            var example = await statements.StreamsAtRisk(before, 1, "", cancellationToken);
            throw new StreamsAtRiskException(left, example is [var name] ? name : "");
        }
    }

    private static async Task<List<ArchiveManifest>> Check(
        ArchiveStatements statements,
        string directory,
        IReadOnlyList<(ArchivedPartition Partition, string Sha256)> wanted,
        Action<ArchiveProgress>? progress,
        CancellationToken cancellationToken)
    {
        var store = await statements.Identity(cancellationToken);
        var found = ArchiveManifest.ReadAll(directory).ToDictionary(manifest => manifest.From);
        if (found.Values.FirstOrDefault(manifest => manifest.Store != store) is { } foreign)
        {
            throw new InvalidDataException(
                $"The files of partition {foreign.From} in '{directory}' are of another log (store {foreign.Store}, this "
                + $"is {store}). Nothing was restored.");
        }
        var manifests = new List<ArchiveManifest>();
        foreach (var (partition, sha256) in wanted)
        {
            if (!found.TryGetValue(partition.From, out var manifest))
            {
                throw new InvalidDataException(
                    $"'{directory}' has no partition {partition.From}, which was archived to '{partition.Directory}'. "
                    + "Nothing was restored.");
            }
            if (manifest.To != partition.To || manifest.Events.Sha256 != sha256)
            {
                throw new InvalidDataException(
                    $"'{ArchiveManifest.PathIn(directory, partition.From)}' is of other events than were archived. "
                    + "Nothing was restored.");
            }
            progress?.Invoke(new ArchiveProgress(partition.From, "checking the files"));
            await ArchiveFile.Verify(directory, manifest.Events, cancellationToken);
            await ArchiveFile.Verify(directory, manifest.Tags, cancellationToken);
            manifests.Add(manifest);
        }
        return manifests;
    }
}
