using System.Data;
using EventStore.Archiving;
using EventStore.Inspecting;
using Npgsql;

namespace EventStore;

/// <summary>Looks into a log as an operator does: is it sound, and what does it hold? Only reads.</summary>
/// <param name="store">The store on the same database.</param>
/// <param name="types">The types of that store.</param>
public sealed class LogInspection(NpgsqlDataSource dataSource, IEventStore store, EventTypes types)
{
    /// <summary>Findings of one kind that are reported; there may be more.</summary>
    public const int MaxFindings = 100;

    private static readonly SubscriptionOptions Reading = new(BatchSize: 2000);

    /// <summary>
    /// Reads the whole log up to its head, through the upcasters, and compares it with the tables that go with it. What
    /// is archived is left out (<see cref="LogArchive.Restore"/> checks it).
    /// Constant memory here; the comparison sorts in the database. Appends may go on meanwhile.
    /// </summary>
    /// <param name="progress">Told after each batch.</param>
    public async Task<LogVerification> Verify(
        Action<VerificationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var head = await store.ReadHead(cancellationToken);
        var archives = await new LogArchive(dataSource).List(cancellationToken);
        var begin = archives.Count > 0 ? archives.Max(each => each.LastEvent) : 0;
        var reading = new VerificationReading(types);
        if (head > 0)
        {
            await foreach (var batch in store.Subscribe(begin, Reading, cancellationToken))
            {
                foreach (var recorded in batch.Events.TakeWhile(recorded => recorded.Position <= head))
                    reading.Take(recorded);
                progress?.Invoke(new VerificationProgress(reading.Events, Math.Min(batch.Position, head), head));
                if (batch.Position >= head)
                    break;
            }
        }
        var structure = await FindStructure(cancellationToken);
        return new LogVerification(
            reading.Events, head, [.. reading.Findings, .. structure], reading.Unreadable, reading.UnknownTypes,
            reading.Upcast)
        {
            Archives = archives,
        };
    }

    /// <summary>
    /// Figures by type, by kind of stream, of the longest streams and of the tables. Reads the log once.
    /// </summary>
    public async Task<LogStatistics> Measure(int longestStreams = 10, CancellationToken cancellationToken = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead, cancellationToken);
        var counts = await Rows(
            connection, "counts", row => Enumerable.Range(0, 7).Select(row.GetInt64).ToArray(), cancellationToken);
        var types = await Rows(
            connection,
            "types",
            row => new TypeStatistics(
                row.GetString(0), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4),
                row.GetFieldValue<DateTimeOffset>(5), row.GetFieldValue<DateTimeOffset>(6)),
            cancellationToken);
        var kinds = await Rows(
            connection,
            "kinds",
            row => new KindStatistics(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)),
            cancellationToken);
        var longest = await Rows(
            connection,
            "biggest_streams",
            row => new StreamStatistics(row.GetString(0), row.GetInt64(1)),
            cancellationToken,
            longestStreams);
        var tables = await Rows(
            connection,
            "tables",
            row => new TableStatistics(
                row.GetString(0), row.GetString(1) is { Length: > 0 } bounds ? bounds : null, row.GetInt64(2),
                row.GetInt64(3), row.GetInt64(4)),
            cancellationToken);
        var c = counts[0];
        var archives = (await new ArchiveStatements(connection).Archives(cancellationToken))
            .Select(each => each.Partition);
        return new LogStatistics(c[0], c[1], c[2], c[3], c[4], c[5], c[6], types, kinds, longest, tables)
        {
            Archives = [.. archives],
        };
    }

    private async Task<IReadOnlyList<LogFinding>> FindStructure(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead, cancellationToken);
        return await Rows(
            connection,
            "structure",
            row => Finding(row.GetString(0), row.GetString(1), row.IsDBNull(2) ? 0 : row.GetInt64(2)),
            cancellationToken,
            MaxFindings);
    }

    private static LogFinding Finding(string kind, string subject, long number) => new(kind, subject, kind switch
    {
        "versions-with-holes" => $"{number} of its versions are missing",
        "first-version-missing" => $"its first event has version {number}",
        "positions-fall" => "a later version lies at a lower position",
        "stream-row-missing" => $"{number} events, but no row in streams",
        "stream-version-differs" => $"streams says version {number}, the events say otherwise",
        "tombstone-not-last" => $"its tombstone at position {number} is not its last event",
        "key-without-owner" => "no stream has the owner's name",
        "snapshot-ahead" => $"the snapshot has version {number}, the stream has not",
        _ => throw new InvalidOperationException($"structure.sql knows '{kind}', this does not."),
    });

    private static async Task<List<T>> Rows<T>(
        NpgsqlConnection connection,
        string statement,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken,
        int? limit = null)
    {
        // A whole log of many millions is read: minutes are in order, cancellation ends it.
        await using var command = new NpgsqlCommand(Sql.Read($"Inspecting/{statement}.sql"), connection)
        {
            CommandTimeout = 0,
        };
        if (limit is { } count)
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }
}
