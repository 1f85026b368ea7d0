using System.Globalization;
using System.Text.Json;
using Npgsql;
using Projections.Engine.Checkpoints;
using StackExchange.Redis;

namespace Projections.Engine.Redis;

/// <summary>
/// A model in Redis. Each batch is one transaction that holds on one condition: that the checkpoint kept beside the
/// rows is where the writer left it. So nothing is added twice, a writer that was replaced can write nothing, and a
/// Redis that was flushed or went back to an older dump says itself from where to go on. The mirror in PostgreSQL
/// follows.
/// </summary>
/// <param name="timeout">For one round trip.</param>
internal sealed class RedisModel<TKey, TRow>(RedisStorage<TKey, TRow> storage, IDatabase redis, TimeSpan timeout)
    : IModelStore<TKey, TRow>
    where TKey : notnull
    where TRow : class
{
    public string Kind => "redis";

    /// <summary>The shape of keys and values is code: changes to it are not seen, so mind the version.</summary>
    public string Definition => storage.Fields is null ? "string" : "hash";

    /// <summary>The braces make a cluster keep all keys of the build in one slot.</summary>
    public string StorageOf(string projection, int build) => $"{{{projection}:{build}}}";

    public Task Create(Build build, NpgsqlConnection connection, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task Publish(Build build, NpgsqlConnection connection, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    /// <summary>Keys are found by their prefix: a walk over all keys of the database, in small steps.</summary>
    public async Task Drop(Build build, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var cursor = "0";
        do
        {
            var found = (RedisResult[])(await redis
                .ExecuteAsync("SCAN", cursor, "MATCH", $"{build.Storage}*", "COUNT", 1000)
                .WaitAsync(timeout, cancellationToken))!;
            cursor = (string)found[0]!;
            var keys = (RedisKey[])found[1]!;
            if (keys.Length > 0)
                await redis.KeyDeleteAsync(keys).WaitAsync(timeout, cancellationToken);
        }
        while (cursor != "0");
    }

    public Task<long> Open(WriterSession session, CancellationToken cancellationToken) =>
        ReadPosition(session, cancellationToken);

    public async Task<long> ReadPosition(WriterSession session, CancellationToken cancellationToken)
    {
        var value = await redis.StringGetAsync(CheckpointKey(session.Build)).WaitAsync(timeout, cancellationToken);
        return PositionOf(value, session);
    }

    public async Task<IReadOnlyDictionary<TKey, TRow>> Load(
        IReadOnlyCollection<TKey> keys, WriterSession session, CancellationToken cancellationToken)
    {
        if (storage.Fields is not null)
        {
            throw new InvalidOperationException(
                $"{session.Build.Projection} keeps hashes, which events make but do not change.");
        }

        // The checkpoint in the same command: rows that are not there because Redis was flushed are not to be taken for
        // rows that never were.
        RedisKey[] redisKeys = [.. keys.Select(key => KeyOf(session.Build, key)), CheckpointKey(session.Build)];
        var values = await redis.StringGetAsync(redisKeys).WaitAsync(timeout, cancellationToken);
        if (PositionOf(values[^1], session) is var held && held != session.Position)
            throw Lost(session, held, session.Position);
        return keys.Zip(values)
            .Where(pair => !pair.Second.IsNull)
            .ToDictionary(
                pair => pair.First,
                pair => JsonSerializer.Deserialize<TRow>((string)pair.Second!, JsonSerializerOptions.Web)!);
    }

    public async Task Save(
        ModelChanges<TKey, TRow> changes, Advance advance, WriterSession session, CancellationToken cancellationToken)
    {
        var checkpoint = CheckpointKey(session.Build);
        var (transaction, commands) = Begin(changes, advance.From, session);
        commands.Set(checkpoint, advance.To.ToString(CultureInfo.InvariantCulture));
        await Run(transaction, commands, advance.From, session, cancellationToken);
        await session.Mirror(advance, cancellationToken);
    }

    public int RowsAtOnce => 5_000;

    public bool CanLoad => storage.Fields is null;

    public Task Fill(
        ModelChanges<TKey, TRow> changes,
        Advance advance,
        WriterSession session,
        CancellationToken cancellationToken) =>
        Save(changes, advance, session, cancellationToken);

    /// <summary>
    /// Beside the rows it is kept up to which version they hold the stream, so that nothing is added twice where the
    /// closing in PostgreSQL is lost.
    /// </summary>
    public async Task SaveAside(
        ModelChanges<TKey, TRow> changes,
        string stream,
        long upTo,
        NpgsqlBatchCommand closing,
        WriterSession session,
        CancellationToken cancellationToken)
    {
        var (transaction, commands) = Begin(changes, session.Position, session);
        commands.SetField(AsideKey, stream, upTo.ToString(CultureInfo.InvariantCulture));
        await Run(transaction, commands, session.Position, session, cancellationToken);
        await using var batch = new NpgsqlBatch(session.Connection);
        batch.BatchCommands.Add(closing);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<long> SavedAside(string stream, WriterSession session, CancellationToken cancellationToken)
    {
        var value = await redis.HashGetAsync(session.Build.Storage + AsideKey, stream)
            .WaitAsync(timeout, cancellationToken);
        return value.IsNull ? 0 : (long)value;
    }

    public async Task<IReadOnlyDictionary<TKey, JsonElement>> ReadHeld(
        IReadOnlyCollection<TKey> keys, WriterSession session, CancellationToken cancellationToken)
    {
        var held = new Dictionary<TKey, JsonElement>();
        foreach (var key in keys)
        {
            if (await HeldUnder(KeyOf(session.Build, key), cancellationToken) is { } value)
                held.Add(key, value);
        }

        return held;
    }

    public JsonElement AsHeld(TRow row) => JsonSerializer.SerializeToElement(
        storage.Fields is { } fields
            ? fields(row).ToDictionary(field => field.Name, field => (string?)field.Value)
            : (object)row,
        JsonSerializerOptions.Web);

    public async Task Repair(
        IReadOnlyCollection<RowChange<TKey, TRow>> rows, WriterSession session, CancellationToken cancellationToken)
    {
        var (transaction, commands) = Begin(new ModelChanges<TKey, TRow>(), session.Position, session);
        foreach (var row in rows)
        {
            // Whatever else the key holds goes: fields that do not belong there, or a value of another type.
            commands.Delete(KeyOf(session.Build, row.Key));
            if (row.Row is not null)
                Write(row, session.Build, commands);
        }

        await Run(transaction, commands, session.Position, session, cancellationToken);
    }

    /// <summary>Null: no such key.</summary>
    private async Task<JsonElement?> HeldUnder(string key, CancellationToken cancellationToken)
    {
        switch (await redis.KeyTypeAsync(key).WaitAsync(timeout, cancellationToken))
        {
            case RedisType.None:
                return null;
            case RedisType.String when storage.Fields is null:
                var text = await redis.StringGetAsync(key).WaitAsync(timeout, cancellationToken);
                return JsonSerializer.Deserialize<JsonElement>((string)text!);
            case RedisType.Hash when storage.Fields is not null:
                var fields = await redis.HashGetAllAsync(key).WaitAsync(timeout, cancellationToken);
                return JsonSerializer.SerializeToElement(fields
                    .Where(field => field.Name != "position")
                    .ToDictionary(field => (string)field.Name!, field => (string?)field.Value));
            case var type:
                return JsonSerializer.SerializeToElement($"a {type}");
        }
    }

    private (ITransaction Transaction, RedisCommands Commands) Begin(
        ModelChanges<TKey, TRow> changes, long position, WriterSession session)
    {
        var checkpoint = CheckpointKey(session.Build);
        var transaction = redis.CreateTransaction();
        transaction.AddCondition(position == session.Build.From
            ? Condition.KeyNotExists(checkpoint)
            : Condition.StringEqual(checkpoint, position));
        var commands = new RedisCommands(transaction, session.Build.Storage);
        foreach (var change in changes.Rows)
            Write(change, session.Build, commands);
        foreach (var (group, figures) in changes.Totals)
            storage.Total?.Invoke(group, figures, commands);
        return (transaction, commands);
    }

    private async Task Run(
        ITransaction transaction,
        RedisCommands commands,
        long position,
        WriterSession session,
        CancellationToken cancellationToken)
    {
        if (!await transaction.ExecuteAsync().WaitAsync(timeout, cancellationToken))
            throw Lost(session, await ReadPosition(session, cancellationToken), position);

        await commands.Outcome(timeout, cancellationToken);
    }

    private static long PositionOf(RedisValue checkpoint, WriterSession session) =>
        checkpoint.IsNull ? session.Build.From : (long)checkpoint;

    private static ModelLostException Lost(WriterSession session, long held, long left) => new(
        $"Redis holds {session.Build.Storage} at position {held}, not at {left} where it was left: it was flushed, went "
        + "back to an older dump, or another writer took over.");

    private void Write(RowChange<TKey, TRow> change, Build build, RedisCommands commands)
    {
        var key = KeyOf(build, change.Key);
        if (change.Row is null)
            commands.Delete(key);
        else if (storage.Fields is { } fields)
            commands.SetHash(key, [.. fields(change.Row), ("position", change.Position)]);
        else
            commands.Set(key, JsonSerializer.Serialize(change.Row, JsonSerializerOptions.Web));
    }

    private string KeyOf(Build build, TKey key) => build.Storage + storage.Key(key);

    private const string AsideKey = "#aside";

    private static string CheckpointKey(Build build) => build.Storage + "#checkpoint";
}
