using Npgsql;

namespace EventStore.Archiving;

/// <summary>
/// Brings one partition back in one transaction: the log has all of it or nothing. Readers are told that it is archived
/// until none is left that began without it; wherever it ends, repeating it begins anew.
/// </summary>
internal sealed class PartitionRestoring(NpgsqlConnection connection, string directory)
{
    public async Task Restore(
        ArchiveManifest manifest, Action<string> progress, CancellationToken cancellationToken)
    {
        var tables = new PartitionTables(connection, manifest.From);
        // An archiving or restoring that was interrupted may have left them: the files were verified before that.
        await tables.Remove(cancellationToken);
        await Load(tables, manifest, progress, cancellationToken);
        progress("waiting for readers that began before");
        var statements = new ArchiveStatements(connection);
        await statements.OutlastUsers(cancellationToken);
        await statements.Forget(manifest.From, cancellationToken);
    }

    private async Task Load(
        PartitionTables tables, ArchiveManifest manifest, Action<string> progress, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await tables.Create(cancellationToken);
        progress("loading");
        await CopyIn(manifest.Events, tables.CopyEventsIn, cancellationToken);
        await CopyIn(manifest.Tags, tables.CopyTagsIn, cancellationToken);
        progress("comparing");
        Compare(manifest.Events, await tables.CopyEventsOut(to: null, cancellationToken));
        Compare(manifest.Tags, await tables.CopyTagsOut(to: null, cancellationToken));
        progress("attaching");
        await tables.Attach(manifest.To, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task CopyIn(
        ArchiveContent content,
        Func<Stream, IReadOnlyList<string>, CancellationToken, Task<ContentDigest>> copy,
        CancellationToken cancellationToken)
    {
        await using var rows = ArchiveFile.OpenCompressed(Path.Combine(directory, content.File));
        Compare(content, await copy(rows, content.Columns, cancellationToken));
    }

    private void Compare(ArchiveContent content, ContentDigest digest)
    {
        if (!content.Equals(digest))
        {
            throw new InvalidDataException(
                $"'{Path.Combine(directory, content.File)}' came back different from what it was. Nothing was restored.");
        }
    }
}
