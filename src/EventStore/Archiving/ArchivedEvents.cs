using Npgsql;

namespace EventStore.Archiving;

/// <summary>
/// Tells readers what they would miss because it is archived. A partition goes only after its row in
/// <c>eventstore.archives</c> is committed: whoever has missed something finds the row.
/// </summary>
internal sealed class ArchivedEvents(NpgsqlDataSource dataSource)
{
    private const string Refused = "EA001";

    private static readonly string RangeSql = Sql.Read("Archiving/range.sql");
    private static readonly string MissingSql = Sql.Read("Archiving/missing.sql");

    /// <summary>Whether a statement was refused by <c>Schema/refuse_archived.sql</c>.</summary>
    public static bool IsRefusal(PostgresException exception) => exception.SqlState == Refused;

    /// <summary>
    /// The exception for somebody who misses events: an <see cref="ArchivedEventsException"/>, or, where nothing is
    /// archived, an <see cref="EventDataException"/>. Then whoever looks again once finds what was restored meanwhile.
    /// </summary>
    /// <param name="what">Begins its message.</param>
    public async Task<Exception> Explain(string what, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(RangeSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken) || reader.IsDBNull(0))
        {
            return new EventDataException(
                $"{what}: events are missing, and none are archived. See cqrs event-store verify.")
            {
                MayBeBack = true,
            };
        }
        return new ArchivedEventsException(what, reader.GetInt64(0), reader.GetInt64(1), reader.GetString(3));
    }

    public Task<Exception> Explain(string stream, long version, CancellationToken cancellationToken) =>
        Explain($"Stream '{stream}' cannot be read from version {version} on", cancellationToken);

    /// <summary>Whether streams that were read from a version on had nothing archived from there on.</summary>
    /// <returns>False where something was, and came back meanwhile: read again.</returns>
    /// <exception cref="ArchivedEventsException">Something is.</exception>
    public async Task<bool> AreWhole(
        IReadOnlyCollection<(string Stream, long Lowest, long Last)> read, CancellationToken cancellationToken)
    {
        if (await FindMissing(read, cancellationToken) is not { } missing)
            return true;
        var refusal = await Explain(missing.Stream, missing.Version, cancellationToken);
        return refusal is EventDataException { MayBeBack: true } ? false : throw refusal;
    }

    /// <summary>The first event that a stream misses, read from a version on or, if later, its newest events.</summary>
    public async Task<(string Stream, long Version)?> FindMissing(
        IReadOnlyCollection<(string Stream, long Lowest, long Last)> read, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(MissingSql, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. read.Select(each => each.Stream)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. read.Select(each => each.Lowest)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. read.Select(each => each.Last)] });
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetString(0), reader.GetInt64(1)) : null;
    }
}
