using Npgsql;
using NpgsqlTypes;

namespace ProjectionControl;

/// <summary>Reads the state of projections: one round trip, five small statements.</summary>
internal static class StateReader
{
    private static readonly string[] Statements = ["Builds", "Paused", "Parked", "Skipped", "Instances"];

    /// <param name="projection">Null: all.</param>
    public static async Task<IReadOnlyList<ProjectionState>> Read(
        NpgsqlDataSource database, string? projection, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        foreach (var statement in Statements)
        {
            var command = new NpgsqlBatchCommand(Sql.Read(statement));
            command.Parameters.Add(
                new NpgsqlParameter { Value = projection ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
            batch.BatchCommands.Add(command);
        }

        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        var builds = await All(rows, Build, cancellationToken);
        var paused = await All(rows, row => row.GetString(0), cancellationToken);
        var parked = await All(rows, row => (row.GetString(0), Value: Parked(row)), cancellationToken);
        var skipped = await All(rows, row => (row.GetString(0), Value: Skipped(row)), cancellationToken);
        var instances = await All(rows, row => (row.GetString(0), Value: Instance(row)), cancellationToken);

        var names = builds.Select(build => build.Projection).Concat(instances.Select(row => row.Item1)).Distinct();
        return
        [
            .. names.Order(StringComparer.Ordinal).Select(name => new ProjectionState(
                name,
                paused.Contains(name),
                [.. builds.Where(row => row.Projection == name).Select(row => row.Build)],
                [.. parked.Where(row => row.Item1 == name).Select(row => row.Value)],
                [.. skipped.Where(row => row.Item1 == name).Select(row => row.Value)],
                [.. instances.Where(row => row.Item1 == name).Select(row => row.Value)])),
        ];
    }

    private static async Task<List<T>> All<T>(
        NpgsqlDataReader rows, Func<NpgsqlDataReader, T> make, CancellationToken cancellationToken)
    {
        var all = new List<T>();
        while (await rows.ReadAsync(cancellationToken))
            all.Add(make(rows));
        await rows.NextResultAsync(cancellationToken);
        return all;
    }

    private static (string Projection, ProjectionBuild Build) Build(NpgsqlDataReader row) => (
        row.GetString(0),
        new ProjectionBuild(
            row.GetInt32(1), row.GetInt32(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetInt64(6),
            row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.IsDBNull(10) ? null : row.GetDouble(10),
            row.IsDBNull(11) ? null : row.GetTimeSpan(11), row.GetFieldValue<DateTimeOffset>(12),
            row.IsDBNull(13) ? null : row.GetFieldValue<DateTimeOffset>(13),
            row.IsDBNull(14) ? null : row.GetString(14), row.IsDBNull(15) ? null : row.GetString(15)));

    private static ParkedStream Parked(NpgsqlDataReader row) => new(
        row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetString(4), row.GetString(5),
        row.GetFieldValue<DateTimeOffset>(6));

    private static SkippedEvent Skipped(NpgsqlDataReader row) => new(
        row.GetInt32(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetString(5), row.GetString(6),
        row.GetFieldValue<DateTimeOffset>(7));

    private static ProjectionInstance Instance(NpgsqlDataReader row) => new(
        row.GetString(1), row.GetInt32(2), row.GetBoolean(3), row.GetFieldValue<DateTimeOffset>(4));
}
