using Npgsql;
using NpgsqlTypes;
using Projections.Engine.Checkpoints;
using Projections.Engine.Migrations;
using Projections.Engine.Postgres;
using Projections.Engine.Running;

namespace Projections.Engine.Control;

/// <summary>
/// Tells the read models' database that the process is alive and how fresh its models are, and learns what is wanted of
/// them: one round trip a second for all models, at once when an operator asks for something. Over a connection of its
/// own, which listens.
/// </summary>
internal sealed class ControlRoom(NpgsqlDataSource database, LogHead head, ILogger<ControlRoom> logger)
    : BackgroundService
{
    public const string Channel = "projection_control";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private static readonly string HeartbeatsSql = EmbeddedText.Read("Engine/Control/Heartbeats.sql");
    private static readonly string RegisterSql = EmbeddedText.Read("Engine/Control/Register.sql");
    private static readonly string UnregisterSql = EmbeddedText.Read("Engine/Control/Unregister.sql");
    private static readonly string ReadBuildsSql = EmbeddedText.Read("Engine/Control/ReadBuilds.sql");
    private static readonly string ReadPausedSql = EmbeddedText.Read("Engine/Control/ReadPaused.sql");

    private readonly Lock gate = new();
    private readonly List<Func<SignOfLife>> models = [];
    private volatile IReadOnlyDictionary<string, Orders> last = new Dictionary<string, Orders>();
    private volatile TaskCompletionSource next = New();

    /// <summary>Adds a model of this process; to be asked once a second how it is.</summary>
    public void Enlist(Func<SignOfLife> model)
    {
        lock (gate) models.Add(model);
    }

    /// <summary>Completes with the next reading.</summary>
    public Task Next() => next.Task;

    /// <summary>What is wanted of a projection, as last read; null before the first reading.</summary>
    public Orders? Last(string projection) => last.GetValueOrDefault(projection);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var lost = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ReadModelsSchema.Migrate(database, stoppingToken);
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                await connection.Execute($"LISTEN {Channel}", stoppingToken);
                lost = false;
                while (true)
                {
                    await Tick(connection, stoppingToken);
                    await connection.WaitAsync(Interval, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // Stopping.
            }
            catch (Exception exception)
            {
                if (!lost)
                    logger.LogWarning(exception, "The read models' database cannot be asked for orders; trying again.");
                lost = true;
                await Task.Delay(Interval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await SayGoodbye();
    }

    private async Task Tick(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        List<SignOfLife> signs;
        lock (gate) signs = [.. models.Select(model => model())];
        var names = signs.Select(sign => sign.Model.Name).ToArray();
        await using var batch = new NpgsqlBatch(connection) { Timeout = 10 };
        batch.BatchCommands.Add(Heartbeats([.. signs.Where(sign => sign.Live is not null)]));
        batch.BatchCommands.Add(Registration(signs));
        foreach (var sql in (string[])[ReadBuildsSql, ReadPausedSql, Request.ReadOpenSql])
        {
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand(sql) { Parameters = { new NpgsqlParameter<string[]> { TypedValue = names } } });
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        last = await Read(reader, names, cancellationToken);
        Interlocked.Exchange(ref next, New()).TrySetResult();
    }

    private NpgsqlBatchCommand Heartbeats(IReadOnlyList<SignOfLife> signs)
    {
        var command = new NpgsqlBatchCommand(HeartbeatsSql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. signs.Select(s => s.Model.Name)] });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. signs.Select(s => s.Live!.Number)] });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = head.Last?.Position ?? 0 });
        command.Parameters.Add(new NpgsqlParameter<DateTime?[]>
        {
            TypedValue = [.. signs.Select(sign => sign.AsOf?.UtcDateTime)],
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
        });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = WriterSession.Instance });
        return command;
    }

    private static NpgsqlBatchCommand Registration(IReadOnlyList<SignOfLife> signs)
    {
        var command = new NpgsqlBatchCommand(RegisterSql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. signs.Select(s => s.Model.Name)] });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. signs.Select(s => s.Model.Version)] });
        command.Parameters.Add(
            new NpgsqlParameter<string[]> { TypedValue = [.. signs.Select(s => s.Model.Fingerprint)] });
        command.Parameters.Add(new NpgsqlParameter<bool[]> { TypedValue = [.. signs.Select(s => s.Fills)] });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = WriterSession.Instance });
        return command;
    }

    private static async Task<IReadOnlyDictionary<string, Orders>> Read(
        NpgsqlDataReader reader, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        // The two statements before have no result: the reader begins at the first that has one.
        var builds = new List<Build>();
        while (await reader.ReadAsync(cancellationToken))
            builds.Add(Builds.Read(reader));
        await reader.NextResultAsync(cancellationToken);
        var paused = new HashSet<string>();
        while (await reader.ReadAsync(cancellationToken))
            paused.Add(reader.GetString(0));
        await reader.NextResultAsync(cancellationToken);
        var requests = new List<Request>();
        while (await reader.ReadAsync(cancellationToken))
            requests.Add(Request.Read(reader));

        return names.ToDictionary(name => name, name => new Orders(
            [.. builds.Where(build => build.Projection == name)],
            paused.Contains(name),
            [.. requests.Where(request => request.Projection == name)]));
    }

    /// <summary>A process that stops in good order is not waited for.</summary>
    private async Task SayGoodbye()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await using var connection = await database.OpenConnectionAsync(limit.Token);
            await connection.Execute(UnregisterSql, limit.Token, WriterSession.Instance);
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
        {
            logger.LogDebug(exception, "The process could not be taken off the list; it drops off by itself.");
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
