using Npgsql;

namespace ProjectionControl;

/// <summary>
/// What operators see and ask of projections, through the database of the read models alone: its tables and a
/// notification. No instance need be reachable, and any number may run; a request waits for one that can do it.
/// </summary>
/// <param name="database">The database <c>readmodels</c>, as its owner.</param>
public sealed class ProjectionOperations(NpgsqlDataSource database)
{
    private const string Channel = "projection_control";

    /// <summary>Instances ask for orders once a second, and are told at once.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Every projection that was ever filled or can be, by name.</summary>
    /// <exception cref="ProjectionsMissingException">No instance has ever run on this database.</exception>
    public Task<IReadOnlyList<ProjectionState>> List(CancellationToken cancellationToken) =>
        States(null, cancellationToken);

    /// <returns>Null: there is no such projection.</returns>
    /// <exception cref="ProjectionsMissingException">No instance has ever run on this database.</exception>
    public async Task<ProjectionState?> Find(string projection, CancellationToken cancellationToken) =>
        (await States(projection, cancellationToken)).FirstOrDefault();

    /// <summary>Lets all builds of a projection stand still; doing it twice is doing it once.</summary>
    public Task Pause(string projection, string by, CancellationToken cancellationToken) =>
        Execute("Pause", cancellationToken, projection, by);

    /// <summary>Lets them go on from where they stand.</summary>
    public Task Resume(string projection, CancellationToken cancellationToken) =>
        Execute("Resume", cancellationToken, projection);

    /// <summary>Fills the projection anew beside the live build, which it replaces when it has caught up.</summary>
    /// <param name="from">
    /// The position to begin behind; only where the projection is right without what was before.
    /// </param>
    public Task<long> Rebuild(string projection, long? from, string by, CancellationToken cancellationToken) =>
        Request(projection, "rebuild", by, cancellationToken, from: from);

    /// <summary>Removes builds that are not live, with their storage; a rebuild under way is given up.</summary>
    /// <param name="build">Null: every one.</param>
    public Task<long> Drop(string projection, int? build, string by, CancellationToken cancellationToken) =>
        Request(projection, "drop", by, cancellationToken, build);

    /// <summary>Applies the events of parked streams from where they stopped, in order.</summary>
    /// <param name="stream">Null: every one.</param>
    public Task<long> Retry(string projection, string? stream, string by, CancellationToken cancellationToken) =>
        Request(projection, "retry", by, cancellationToken, stream: stream);

    /// <summary>Leaves out the event that parked a stream, for good and on record, and goes on behind it.</summary>
    public Task<long> Skip(string projection, string stream, string by, CancellationToken cancellationToken) =>
        Request(projection, "skip", by, cancellationToken, stream: stream);

    /// <summary>
    /// Compares entities of the live build, drawn by lot from the log, with a fold of the log. The answer's words are a
    /// <see cref="CheckReport"/>, see <see cref="CheckReport.FromJson"/>.
    /// </summary>
    /// <param name="sample">How many entities, at most.</param>
    /// <param name="repair">Sets those that differ to what the log says.</param>
    public Task<long> Check(
        string projection, int sample, bool repair, string by, CancellationToken cancellationToken) =>
        Request(projection, "check", by, cancellationToken, sample: sample, repair: repair);

    /// <summary>Waits for the answer to a request.</summary>
    /// <returns>Null: none came in time. The request stays open.</returns>
    public async Task<RequestAnswer?> Answer(long request, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            await using var connection = await database.OpenConnectionAsync(limit.Token);
            await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
                await listen.ExecuteNonQueryAsync(limit.Token);
            while (true)
            {
                if (await Answered(request, connection, limit.Token) is { } answer)
                    return answer;
                await connection.WaitAsync(Look, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<RequestAnswer?> Answered(
        long request, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql.Read("Answer"), connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = request });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new RequestAnswer(reader.GetBoolean(0), reader.GetString(1), reader.GetString(2))
            : null;
    }

    private async Task<long> Request(
        string projection,
        string action,
        string by,
        CancellationToken cancellationToken,
        int? build = null,
        long? from = null,
        string? stream = null,
        int? sample = null,
        bool repair = false)
    {
        await using var command = Command("Request", projection, action, build, from, stream, by, sample, repair);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task Execute(string statement, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = Command(statement, parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<ProjectionState>> States(string? projection, CancellationToken cancellationToken)
    {
        try
        {
            return await StateReader.Read(database, projection, cancellationToken);
        }
        catch (PostgresException missing) when (missing.SqlState is "42P01" or "3F000" or "42703")
        {
            throw new ProjectionsMissingException(
                "This database has no projections of this version: start an instance of them once, or give the "
                + "connection string of the database readmodels.",
                missing);
        }
    }

    private NpgsqlCommand Command(string statement, params object?[] parameters)
    {
        var command = database.CreateCommand(Sql.Read(statement));
        foreach (var value in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }
}

/// <summary>The tables of the projections are not there.</summary>
public sealed class ProjectionsMissingException(string message, Exception inner) : Exception(message, inner);
