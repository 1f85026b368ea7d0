using EventStore.Appending;
using EventStore.Serialization;
using EventStore.Tombstones;
using Npgsql;

namespace EventStore;

/// <summary>
/// Closes streams for good: what was appended stays readable, nothing is appended any more (decision 22). Takes the
/// rights of the schema's owner; appends to other streams go on meanwhile.
/// </summary>
public sealed class StreamTombstones(NpgsqlDataSource dataSource)
{
    /// <summary>The tenant of a tombstone whose stream's other events are all archived.</summary>
    private const string UnknownTenant = "$archived";

    private static readonly EventSerializer Serializer = new(new EventTypes());

    /// <summary>
    /// Appends a <see cref="Tombstone"/> to the stream, behind whatever is there when its lock is had, and refuses
    /// every append from then on with <see cref="StreamTombstoned"/>, those that wait for the lock included. Repeating
    /// it places no second one.
    /// </summary>
    /// <param name="by">Who asks for it; kept, as is the reason.</param>
    /// <param name="releaseKeys">
    /// Give back the unique keys that the stream owns. Otherwise it keeps them, and nobody can claim them.
    /// </param>
    /// <returns>Null: there is no such stream.</returns>
    /// <exception cref="ArgumentException">A text is empty, too long or no text.</exception>
    public async Task<StreamClosed?> Place(
        string stream,
        string by,
        string? reason = null,
        bool releaseKeys = false,
        CancellationToken cancellationToken = default)
    {
        Input.CheckName(stream, "stream name");
        Input.CheckName(by, "name of who closes the stream");
        Input.CheckOptional(reason, "reason");

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var statements = new TombstoneStatements(connection);
        if (await statements.Lock(stream, cancellationToken) is not { } locked)
            return null;
        if (!locked.IsClosed)
        {
            var (_, tenant) = (await statements.Find(stream, cancellationToken))!.Value;
            var at = Now();
            var appended = await Append(stream, locked.Version, tenant, by, reason, at, transaction, cancellationToken);
            await statements.Close(locked.Id, appended, at, by, reason, cancellationToken);
        }
        var keys = await statements.Keys(stream, cancellationToken);
        if (releaseKeys && keys.Count > 0)
            await statements.ReleaseKeys(stream, cancellationToken);
        var placed = (await TombstoneStatements.Of(connection, [stream], cancellationToken))[stream];
        await transaction.CommitAsync(cancellationToken);
        if (!locked.IsClosed)
            await statements.Announce(cancellationToken);
        return new StreamClosed(
            stream, placed.Version, placed.At, placed.By, placed.Reason, locked.IsClosed,
            releaseKeys ? [] : keys, releaseKeys ? keys : []);
    }

    /// <summary>What closing the stream would touch; null as in <see cref="Place"/>. Only reads.</summary>
    public async Task<StreamClosingPreview?> Preview(string stream, CancellationToken cancellationToken = default)
    {
        Input.CheckName(stream, "stream name");
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var statements = new TombstoneStatements(connection);
        if (await statements.Find(stream, cancellationToken) is not { } found)
            return null;
        var placed = await TombstoneStatements.Of(connection, [stream], cancellationToken);
        return new StreamClosingPreview(
            stream,
            found.Version,
            await statements.Keys(stream, cancellationToken),
            placed.GetValueOrDefault(stream));
    }

    private static async Task<Appended> Append(
        string stream,
        long version,
        string? tenant,
        string by,
        string? reason,
        DateTimeOffset at,
        NpgsqlTransaction transaction,
        CancellationToken cancellationToken)
    {
        var request = new AppendRequest(
            [new StreamAppend(stream, ExpectedVersion.Exactly(version), [new Tombstone(by, reason)])],
            new EventMetadata(Guid.CreateVersion7(), tenant ?? UnknownTenant, at, User: by));
        var result = await AppendStatement.RunJoined(
            new EncodedAppend(request, Serializer, mayClose: true), transaction, cancellationToken);
        return result as Appended
            ?? throw new InvalidOperationException($"The tombstone was refused with the stream locked: {result}.");
    }

    /// <summary>To the microsecond, which is what is stored.</summary>
    private static DateTimeOffset Now()
    {
        var now = DateTimeOffset.UtcNow;
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
