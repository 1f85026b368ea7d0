using EventStore.Erasure;
using Npgsql;

namespace EventStore;

/// <summary>
/// Erases persons from the log by destroying their keys. Takes the rights of the schema's owner; appends and reads go
/// on meanwhile.
/// </summary>
public sealed class SubjectErasure(NpgsqlDataSource dataSource)
{
    /// <summary>
    /// Destroys the key of a subject. From then on (in processes that remember the key:
    /// <see cref="EventStoreOptions.SubjectKeyLifetime"/> later at most) what was sealed with it reads as erased, and
    /// personal data that is still appended about the subject is stored as erased. Repeating it changes nothing.
    /// </summary>
    /// <param name="by">Who asks for it; kept with the key's row, as is the reason.</param>
    /// <returns>Null: nothing was ever sealed for a subject of this name.</returns>
    public async Task<Erased?> Erase(
        string subject, string by, string? reason = null, CancellationToken cancellationToken = default)
    {
        Input.CheckName(subject, "subject");
        Input.CheckName(by, "name of who erases");
        Input.CheckOptional(reason, "reason");
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var before = await DestroyedAt(connection, subject, cancellationToken);
        if (before is null)
            return null;
        if (before.Value.At is null)
        {
            await using var destroy = Sql.Command(
                connection, "Erasure/destroy_key.sql", Sql.Text(subject), Sql.Text(by), Sql.Text(reason));
            await destroy.ExecuteNonQueryAsync(cancellationToken);
        }
        // Also when it is repeated: the first time may have ended between the two.
        await using (var forget = Sql.Command(connection, "Erasure/forget_key.sql"))
            await forget.ExecuteNonQueryAsync(cancellationToken);

        var after = await DestroyedAt(connection, subject, cancellationToken);
        var streams = await Streams(connection, subject, cancellationToken);
        return new Erased(
            subject, after!.Value.At!.Value, before.Value.At is not null, streams.Sum(stream => stream.Events),
            [.. streams.Select(stream => stream.Stream)]);
    }

    /// <summary>What erasing the subject would touch; null as in <see cref="Erase"/>.</summary>
    public async Task<IReadOnlyList<StreamStatistics>?> Preview(
        string subject, CancellationToken cancellationToken = default)
    {
        Input.CheckName(subject, "subject");
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await DestroyedAt(connection, subject, cancellationToken) is null
            ? null
            : await Streams(connection, subject, cancellationToken);
    }

    private static async Task<(DateTimeOffset? At, bool Known)?> DestroyedAt(
        NpgsqlConnection connection, string subject, CancellationToken cancellationToken)
    {
        await using var command = Sql.Command(connection, "Erasure/subject.sql", Sql.Text(subject));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        return (reader.IsDBNull(0) ? null : reader.GetFieldValue<DateTimeOffset>(0), true);
    }

    private static async Task<List<StreamStatistics>> Streams(
        NpgsqlConnection connection, string subject, CancellationToken cancellationToken)
    {
        await using var command = Sql.Command(
            connection, "Erasure/streams_of_subject.sql", Sql.Text(PersonalData.Tag(subject)));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var streams = new List<StreamStatistics>();
        while (await reader.ReadAsync(cancellationToken))
            streams.Add(new StreamStatistics(reader.GetString(0), reader.GetInt64(1)));
        return streams;
    }
}
