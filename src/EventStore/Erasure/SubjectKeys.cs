using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Npgsql;

namespace EventStore.Erasure;

/// <summary>
/// The keys of subjects. A key is remembered for a bounded time only: that long after its destruction, at most, some
/// process can still open what it sealed.
/// </summary>
internal sealed class SubjectKeys(NpgsqlDataSource dataSource, EventStoreOptions options)
{
    private const int Remembered = 100_000;

    private static readonly string MakeSql = Sql.Read("Erasure/make_keys.sql");
    private static readonly string BySubjectSql = Sql.Read("Erasure/keys_of_subjects.sql");
    private static readonly string ByIdSql = Sql.Read("Erasure/keys_by_id.sql");

    private readonly ConcurrentDictionary<string, Entry> bySubject = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, Entry> byId = new();

    /// <summary>Keys of subjects that data is about to be sealed for; makes those that are missing, for good.</summary>
    /// <remarks>
    /// Never in the caller's transaction: a rollback would take back a key that others have sealed with by then.
    /// </remarks>
    public async ValueTask<IReadOnlyDictionary<string, SubjectKey>> Of(
        IReadOnlyCollection<string> subjects, CancellationToken cancellationToken)
    {
        var found = Known(bySubject, subjects);
        if (found.Count == subjects.Count)
            return found;

        var missing = subjects.Where(subject => !found.ContainsKey(subject)).ToArray();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await Read(connection, BySubjectSql, missing, found, static row => row.Subject, cancellationToken);
        missing = [.. missing.Where(subject => !found.ContainsKey(subject))];
        if (missing.Length == 0)
            return found;

        await Make(connection, missing, cancellationToken);
        await Read(connection, BySubjectSql, missing, found, static row => row.Subject, cancellationToken);
        return found;
    }

    /// <summary>Keys that are remembered, without asking the database.</summary>
    /// <returns>In the order of their ids; null: not all of them are.</returns>
    public SubjectKey[]? Recall(List<long> ids)
    {
        var keys = new SubjectKey[ids.Count];
        for (var index = 0; index < keys.Length; index++)
        {
            if (!byId.TryGetValue(ids[index], out var entry) || entry.IsStale)
                return null;
            keys[index] = entry.Key;
        }
        return keys;
    }

    /// <exception cref="EventDataException">One of them is not there, or its key-encryption key is missing.</exception>
    public async ValueTask<Dictionary<long, SubjectKey>> ById(
        IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        var found = Known(byId, ids);
        if (found.Count == ids.Count)
            return found;
        var missing = ids.Where(id => !found.ContainsKey(id)).ToArray();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await Read(connection, ByIdSql, missing, found, static row => row.Id, cancellationToken);
        return found;
    }

    private static Dictionary<TKey, SubjectKey> Known<TKey>(
        ConcurrentDictionary<TKey, Entry> cache, IReadOnlyCollection<TKey> wanted)
        where TKey : notnull
    {
        var found = new Dictionary<TKey, SubjectKey>(wanted.Count);
        foreach (var key in wanted)
        {
            if (cache.TryGetValue(key, out var entry) && !entry.IsStale)
                found[key] = entry.Key;
        }
        return found;
    }

    private async Task Make(NpgsqlConnection connection, string[] subjects, CancellationToken cancellationToken)
    {
        var current = options.KeyEncryptionKeys.Count > 0 ? options.KeyEncryptionKeys[0] : null;
        var keys = subjects.Select(subject =>
        {
            var key = RandomNumberGenerator.GetBytes(32);
            return current is null ? key : current.Wrap(key, subject);
        });
        await using var command = new NpgsqlCommand(MakeSql, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = subjects });
        command.Parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = [.. keys] });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = current?.Name });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task Read<TKey>(
        NpgsqlConnection connection,
        string sql,
        TKey[] wanted,
        Dictionary<TKey, SubjectKey> found,
        Func<(long Id, string Subject), TKey> keyOf,
        CancellationToken cancellationToken)
        where TKey : notnull
    {
        var lookedAt = Stopwatch.GetTimestamp();
        if (byId.Count > Remembered)
        {
            byId.Clear();
            bySubject.Clear();
        }
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<TKey[]> { TypedValue = wanted });
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (id, subject) = (reader.GetInt64(0), reader.GetString(1));
            var key = new SubjectKey(
                id,
                reader.IsDBNull(2)
                    ? null
                    : Unwrap(reader.GetFieldValue<byte[]>(2), reader.IsDBNull(3) ? null : reader.GetString(3), subject));
            var entry = new Entry(key, lookedAt + (long)(options.SubjectKeyLifetime.TotalSeconds * Stopwatch.Frequency));
            byId[id] = entry;
            bySubject[subject] = entry;
            found[keyOf((id, subject))] = key;
        }
    }

    private byte[] Unwrap(byte[] key, string? wrappedWith, string subject)
    {
        if (wrappedWith is null)
            return key;
        var wrapping = options.KeyEncryptionKeys.FirstOrDefault(known => known.Name == wrappedWith)
            ?? throw new InvalidOperationException(
                $"The key of subject '{subject}' is wrapped with the key-encryption key '{wrappedWith}', which this "
                + "program was not given: add it to EventStore:KeyEncryptionKeys.");
        try
        {
            return wrapping.Unwrap(key, subject);
        }
        catch (CryptographicException e)
        {
            throw new InvalidOperationException(
                $"The key-encryption key '{wrappedWith}' does not open the key of subject '{subject}': it is another "
                + "key of that name.",
                e);
        }
    }

    private sealed record Entry(SubjectKey Key, long StaleAt)
    {
        public bool IsStale => Stopwatch.GetTimestamp() >= StaleAt;
    }
}
