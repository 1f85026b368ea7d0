using System.Text.Json;
using EventStore.Serialization;
using Npgsql;

namespace EventStore.Loading;

/// <summary>Folds streams from snapshot and tail.</summary>
internal sealed class StreamLoader(
    NpgsqlDataSource dataSource, EventSerializer serializer, SnapshotWriter snapshots)
{
    private static readonly string LoadSql = Sql.Read("Loading/load.sql");

    public async Task<IReadOnlyDictionary<string, Loaded<TState>>> Load<TState>(
        IReadOnlyCollection<string> streams,
        Fold<TState> fold,
        NpgsqlTransaction? transaction,
        CancellationToken cancellationToken)
    {
        var names = streams.Distinct(StringComparer.Ordinal).ToArray();
        var loaded = names.ToDictionary(
            name => name, _ => new Loaded<TState>(fold.Initial, 0), StringComparer.Ordinal);
        if (names.Length == 0)
            return loaded;

        if (transaction is not null)
        {
            await Read(transaction.Connection!);
            return loaded;
        }
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await Read(connection);
        return loaded;

        async Task Read(NpgsqlConnection connection)
        {
            var unusable = await Fold(connection, names, fold, loaded, useSnapshots: true, cancellationToken);
            if (unusable.Count > 0)
                await Fold(connection, unusable, fold, loaded, useSnapshots: false, cancellationToken);
        }
    }

    /// <returns>Streams whose snapshot could not be read.</returns>
    private async Task<IReadOnlyList<string>> Fold<TState>(
        NpgsqlConnection connection,
        IReadOnlyList<string> names,
        Fold<TState> fold,
        Dictionary<string, Loaded<TState>> loaded,
        bool useSnapshots,
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
        return folding.Unusable;

        void Finish()
        {
            if (folding.Stream is not { } stream || folding.IsUnusable)
                return;
            loaded[stream] = new Loaded<TState>(folding.State, folding.Version);
            if (folding.IsCommitted && folding.Tail >= fold.SnapshotEvery)
                snapshots.Offer(stream, fold, folding.State, folding.Version, folding.Position);
        }
    }
}

/// <summary>The fold of one stream after the other, over the rows of <c>Loading/load.sql</c>.</summary>
internal sealed class Folding<TState>(Fold<TState> fold, EventSerializer serializer)
{
    private readonly List<string> unusable = [];

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

    public IReadOnlyList<string> Unusable => unusable;

    public void Begin(string stream) =>
        (Stream, State, Version, Tail, IsUnusable) = (stream, fold.Initial, 0, 0, false);

    public void Take(NpgsqlDataReader row)
    {
        if (IsUnusable)
            return;
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
        object @event;
        try
        {
            @event = serializer.Decode(type, schemaVersion, data);
        }
        catch (EventDataException e)
        {
            throw new EventDataException(Stream!, version, position, type, e);
        }
        (State, Version, Position, Tail) = (fold.Evolve(State, @event), version, position, Tail + 1);
    }
}
