using System.Text.Json;
using EventStore.Archiving;
using EventStore.Erasure;
using EventStore.Evolution;
using EventStore.Serialization;
using Npgsql;

namespace EventStore.Loading;

/// <summary>Folds streams from snapshot and tail.</summary>
internal sealed class StreamLoader(
    NpgsqlDataSource dataSource,
    EventSerializer serializer,
    SubjectKeys keys,
    SnapshotWriter snapshots,
    ArchivedEvents archived)
{
    /// <summary>One is enough, unless keys are forgotten meanwhile.</summary>
    private const int MaxKeyFetches = 5;

    private static readonly string LoadSql = Sql.Read("Loading/load.sql");

    /// <param name="keep">
    /// Takes the snapshots that the fold's schedule asks for; null: they are written beside the load.
    /// </param>
    /// <exception cref="ReadFailedException">The database has no log, or none that the role may read.</exception>
    /// <exception cref="ArchivedEventsException">A stream needs events that are archived.</exception>
    public async Task<IReadOnlyDictionary<string, Loaded<TState>>> Load<TState>(
        IReadOnlyCollection<string> streams,
        Fold<TState> fold,
        NpgsqlTransaction? transaction,
        CancellationToken cancellationToken,
        ICollection<Snapshot>? keep = null)
    {
        var names = streams.Distinct(StringComparer.Ordinal).ToArray();
        var loaded = names.ToDictionary(
            name => name, _ => new Loaded<TState>(fold.Initial, 0), StringComparer.Ordinal);
        if (names.Length == 0)
            return loaded;

        if (transaction is not null)
            return await ReadFailedException.Explain(Read(transaction.Connection!));
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await ReadFailedException.Explain(Read(connection));

        async Task<IReadOnlyDictionary<string, Loaded<TState>>> Read(NpgsqlConnection connection)
        {
            try
            {
                await ReadOnce(connection);
            }
            catch (EventDataException e) when (e.MayBeBack)
            {
                await ReadOnce(connection);
            }
            return loaded;
        }

        async Task ReadOnce(NpgsqlConnection connection)
        {
            var left = await Fold(connection, names, fold, loaded, useSnapshots: true, keep, cancellationToken);
            for (var attempt = 1; left.Sealed.Count > 0; attempt++)
            {
                if (attempt > MaxKeyFetches)
                    throw new InvalidOperationException($"The keys for {left.Sealed[0]} were forgotten as fast as fetched.");
                await keys.ById(left.MissingKeys, cancellationToken);
                var again = await Fold(
                    connection, left.Sealed, fold, loaded, useSnapshots: true, keep, cancellationToken);
                left = again with { Unusable = [.. left.Unusable, .. again.Unusable] };
            }
            if (left.Unusable.Count > 0)
                await Fold(connection, left.Unusable, fold, loaded, useSnapshots: false, keep, cancellationToken);
        }
    }

    /// <returns>The streams that were not folded.</returns>
    private async Task<NotFolded> Fold<TState>(
        NpgsqlConnection connection,
        IReadOnlyList<string> names,
        Fold<TState> fold,
        Dictionary<string, Loaded<TState>> loaded,
        bool useSnapshots,
        ICollection<Snapshot>? keep,
        CancellationToken cancellationToken)
    {
        var folding = new Folding<TState>(fold, serializer);
        await using var command = new NpgsqlCommand(LoadSql, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. names] });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = fold.Name });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = fold.SchemaVersion });
        command.Parameters.Add(
            new NpgsqlParameter<bool> { TypedValue = useSnapshots && fold.SnapshotEvery is not null });
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);

        while (await reader.ReadAsync(cancellationToken))
        {
            var name = names[(int)reader.GetInt64(0) - 1];
            if (name != folding.Stream)
            {
                Finish();
                folding.Begin(name);
            }
            folding.Take(reader);
        }
        Finish();
        if (folding.Missing is { } missing)
        {
            await reader.DisposeAsync();
            throw await archived.Explain(missing.Stream, missing.Version, cancellationToken);
        }
        return new NotFolded(folding.Unusable, folding.Sealed, folding.MissingKeys);

        void Finish()
        {
            if (folding.Stream is not { } stream || folding.IsUnusable)
                return;
            folding.End();
            loaded[stream] = new Loaded<TState>(folding.State, folding.Version);
            if (!folding.IsCommitted || !folding.MayKeep || folding.Tail < (fold.SnapshotEvery ?? int.MaxValue))
                return;
            if (keep is not null)
                keep.Add(Snapshot.Of(stream, fold, folding.State, folding.Version, folding.Position));
            else
                snapshots.Offer(stream, fold, folding.State, folding.Version, folding.Position);
        }
    }
}

/// <param name="Unusable">Streams whose snapshot could not be read.</param>
/// <param name="Sealed">Streams with personal data whose keys have to be fetched first.</param>
internal sealed record NotFolded(
    IReadOnlyList<string> Unusable, IReadOnlyList<string> Sealed, IReadOnlyCollection<long> MissingKeys);

/// <summary>The fold of one stream after the other, over the rows of <c>Schema/load.sql</c>.</summary>
internal sealed class Folding<TState>(Fold<TState> fold, EventSerializer serializer)
{
    private readonly List<string> unusable = [];
    private readonly List<string> @sealed = [];
    private readonly HashSet<long> missingKeys = [];
    private readonly MergeRun merging = new(serializer);
    private bool isSealed;
    private bool sawPersonal;

    public string? Stream { get; private set; }

    public TState State { get; private set; } = fold.Initial;

    public long Version { get; private set; }

    /// <summary>Of the last event folded.</summary>
    public long Position { get; private set; }

    /// <summary>Events folded behind the snapshot.</summary>
    public int Tail { get; private set; }

    /// <summary>Whether the transaction has not appended: else it can see events that are never committed.</summary>
    public bool IsCommitted { get; private set; } = true;

    public bool IsUnusable { get; private set; }

    /// <summary>The first event that a fold needs and that is not there.</summary>
    public (string Stream, long Version)? Missing { get; private set; }

    public IReadOnlyList<string> Unusable => unusable;

    public IReadOnlyList<string> Sealed => @sealed;

    public IReadOnlyCollection<long> MissingKeys => missingKeys;

    /// <summary>Whether a snapshot of the state may be kept: never one with personal data in it.</summary>
    public bool MayKeep => !sawPersonal || !fold.KeepsPersonalData;

    public void Begin(string stream)
    {
        (Stream, State, Version, Tail, IsUnusable) = (stream, fold.Initial, 0, 0, false);
        (isSealed, sawPersonal) = (false, false);
        merging.End();
    }

    /// <summary>The stream has no further row.</summary>
    public void End()
    {
        foreach (var @event in merging.End())
            State = fold.Evolve(State, @event);
    }

    public void Take(NpgsqlDataReader row)
    {
        if (IsUnusable)
        {
            // Its other keys are fetched along.
            if (isSealed && !row.IsDBNull(2))
                Miss(serializer.Decode(row.GetString(2), row.GetInt32(3), row.GetFieldValue<byte[]>(5)));
            return;
        }
        if (row.IsDBNull(1))
        {
            Miss(Version + 1);
            return;
        }
        var (version, data) = (row.GetInt64(1), row.GetFieldValue<byte[]>(5));
        IsCommitted = !row.GetBoolean(6);
        if (row.IsDBNull(2))
            TakeSnapshot(version, data);
        else
            TakeEvent(version, row.GetString(2), row.GetInt32(3), row.GetInt64(4), data);
    }

    private void TakeSnapshot(long version, byte[] data)
    {
        try
        {
            (State, Version) = (EventSerializer.DecodeState<TState>(data) ?? throw new JsonException("null"), version);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            // A snapshot is a shortcut; the events are the truth.
            IsUnusable = true;
            unusable.Add(Stream!);
        }
    }

    private void TakeEvent(long version, string type, int schemaVersion, long position, byte[] data)
    {
        if (version != Version + 1)
        {
            Miss(Version + 1);
            return;
        }
        IReadOnlyList<object> events;
        try
        {
            var decoded = serializer.Decode(type, schemaVersion, data);
            if (Miss(decoded))
                return;
            sawPersonal |= SealedMember.MayBeIn(data);
            events = merging.Next(decoded);
        }
        catch (EventDataException e)
        {
            throw new EventDataException(Stream!, version, position, type, e);
        }
        foreach (var @event in events)
        {
            if (@event is not Tombstone)
                State = fold.Evolve(State, @event);
        }
        (Version, Position, Tail) = (version, position, Tail + 1);
    }

    private void Miss(long version)
    {
        IsUnusable = true;
        Missing ??= (Stream!, version);
    }

    /// <summary>Whether it cannot be read before its keys are fetched.</summary>
    private bool Miss(object decoded)
    {
        if (decoded is not SealedEvent missing)
            return false;
        if (!isSealed)
            @sealed.Add(Stream!);
        (IsUnusable, isSealed) = (true, true);
        missingKeys.UnionWith(missing.Keys);
        return true;
    }
}
