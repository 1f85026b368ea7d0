using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using Commerce.Contracts;
using Commerce.EventLog;
using EventStore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Projections.Checking;
using Projections.Engine;
using Projections.Engine.Control;
using Projections.Engine.Postgres;
using Projections.Engine.Running;
using Servers;
using LogHead = Projections.Engine.Running.LogHead;

namespace Projections.Tests;

/// <summary>An event log and a database of read models of the test's own, and instances that fill them.</summary>
internal sealed class ReadModelsHarness : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly NpgsqlDataSource commerce;
    private readonly List<ProjectionInstance> instances = [];
    private readonly PostgresEventStore log;

    private ReadModelsHarness(string commerceConnection, string readModelsConnection)
    {
        commerce = NpgsqlDataSource.Create(commerceConnection);
        CommerceConnection = commerceConnection;
        ReadModelsConnection = readModelsConnection;
        ReadModels = NpgsqlDataSource.Create(readModelsConnection);
        log = new PostgresEventStore(commerce, CommerceEvents.Types());
    }

    public IEventStore Log => log;

    public NpgsqlDataSource ReadModels { get; }

    public string CommerceConnection { get; }

    public string ReadModelsConnection { get; }

    public static async Task<ReadModelsHarness> Start(TestServers servers, CancellationToken cancellationToken)
    {
        var harness = new ReadModelsHarness(
            await servers.NewDatabase(cancellationToken), await servers.NewDatabase(cancellationToken));
        await harness.log.Migrate(cancellationToken);
        return harness;
    }

    /// <summary>Appends each event to its stream, in one transaction.</summary>
    /// <returns>The position of the last.</returns>
    public async Task<long> Append(params IReadOnlyList<ICommerceEvent> events)
    {
        var result = await log.Append(
            new AppendRequest(
                [
                    .. events.GroupBy(Shop.StreamOf).Select(stream =>
                        new StreamAppend(stream.Key, ExpectedVersion.Any, [.. stream])),
                ],
                new EventMetadata(Guid.CreateVersion7(), Shop.Tenant, DateTimeOffset.UtcNow)),
            TestContext.Current.CancellationToken);
        return Assert.IsType<Appended>(result).Positions.Max();
    }

    /// <summary>Starts a process's worth of projections.</summary>
    public async Task<ProjectionInstance> StartInstance(params IReadOnlyList<IReadModel> models)
    {
        var instance = new ProjectionInstance(log, ReadModelsConnection, models);
        instances.Add(instance);
        await instance.Start();
        return instance;
    }

    /// <summary>Starts an instance and waits until its models are there.</summary>
    public async Task<ProjectionInstance> WaitForModels(params IReadOnlyList<IReadModel> models)
    {
        var instance = await StartInstance(models);
        foreach (var model in models)
            await WaitFor(model.Name, 0);
        return instance;
    }

    /// <summary>Waits until the model's checkpoint says that it has reached a position.</summary>
    public Task WaitFor(string projection, long position) => Until(
        async () => await Position(projection) is { } reached && reached >= position,
        $"{projection} did not reach position {position}");

    /// <summary>Polls until a condition holds.</summary>
    public static async Task Until(Func<Task<bool>> condition, string otherwise)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        while (!await condition())
        {
            await Task.Delay(20, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.False(limit.IsCancellationRequested, otherwise);
        }
    }

    public async Task<long?> Position(string projection)
    {
        try
        {
            return await Scalar<long?>(
                $"SELECT position FROM read.checkpoints WHERE projection = '{projection}'");
        }
        catch (PostgresException exception) when (exception.SqlState is "42P01" or "3F000")
        {
            return null; // No instance has made the schema yet.
        }
    }

    public async Task<TValue?> Scalar<TValue>(string sql)
    {
        await using var command = ReadModels.CreateCommand(sql);
        var value = await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        return value is null or DBNull ? default : (TValue)value;
    }

    public async Task Execute(string sql)
    {
        await using var command = ReadModels.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Every event of the log that a projection takes.</summary>
    public async Task<IReadOnlyList<RecordedEvent>> ReadLog(IReadOnlyCollection<string> types)
    {
        var events = new List<RecordedEvent>();
        var filter = new LogFilter(types);
        await foreach (var recorded in log.ReadLog(0, filter, null, TestContext.Current.CancellationToken))
            events.Add(recorded);
        return events;
    }

    /// <summary>A table of a build, row by row, as JSON by key.</summary>
    public async Task<IReadOnlyDictionary<TKey, string>> ReadTable<TKey, TRow>(string table)
        where TKey : notnull
    {
        var key = RowColumns.Of(typeof(TKey));
        var row = RowColumns.Of(typeof(TRow));
        Func<DbDataReader, TKey> readKey = key.Reader<TKey>(0);
        Func<DbDataReader, TRow> readRow = row.Reader<TRow>(key.All.Count);
        var columns = string.Join(", ", key.All.Concat(row.All).Select(column => column.Name));
        var rows = new Dictionary<TKey, string>();
        await using var command = ReadModels.CreateCommand($"SELECT {columns} FROM {table}");
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            rows.Add(readKey(reader), Text(readRow(reader)));
        return rows;
    }

    /// <summary>The rows that a fresh fold of the whole log gives, as JSON by key.</summary>
    public async Task<Folded<TKey>> FoldLog<TKey, TRow>(Projection<TKey, TRow> projection)
        where TKey : notnull
        where TRow : class
    {
        var model = Given.Fold(projection, await ReadLog(projection.EventTypes));
        return new(
            model.Rows
                .Where(change => change.Row is not null)
                .ToDictionary(change => change.Key, change => Text(change.Row!)),
            model.Totals);
    }

    /// <summary>A row as text, the same for the same content: jsonb keeps members in an order of its own.</summary>
    private static string Text<TRow>(TRow row) => Sorted(JsonSerializer.SerializeToNode(row))!.ToJsonString();

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members
            .OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in instances)
            await instance.DisposeAsync();
        await log.DisposeAsync();
        await commerce.DisposeAsync();
        await ReadModels.DisposeAsync();
    }
}

/// <summary>A model as a fold of the whole log gives it, its rows as JSON.</summary>
internal sealed record Folded<TKey>(
    IReadOnlyDictionary<TKey, string> Rows, IReadOnlyDictionary<object, Figures> Totals)
    where TKey : notnull;

/// <summary>What one process of the projections does, inside the test process.</summary>
internal sealed class ProjectionInstance : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(1);

    private readonly NpgsqlDataSource database;
    private readonly LogHead head;
    private readonly ControlRoom control;
    private readonly IReadOnlyList<ProjectionRunner> runners;
    private bool stopped;

    public ProjectionInstance(
        IEventStore log, string readModels, IReadOnlyList<IReadModel> models, ConsistencyWatch? checks = null)
    {
        database = NpgsqlDataSource.Create(readModels);
        head = new LogHead(log, NullLogger<LogHead>.Instance);
        Feed = new LogFeed(
            log, [.. models.SelectMany(model => model.EventTypes).Distinct()], NullLogger<LogFeed>.Instance);
        control = new ControlRoom(database, head, NullLogger<ControlRoom>.Instance);
        var environment = new ProjectionEnvironment(
            log, Feed, head, control, database, NullLogger<ProjectionRunner>.Instance, checks);
        runners = [.. models.Select(model => new ProjectionRunner(model, environment))];
    }

    /// <summary>What the message handler tells.</summary>
    public LogFeed Feed { get; }

    public async Task Start()
    {
        await head.StartAsync(CancellationToken.None);
        await Feed.StartAsync(CancellationToken.None);
        foreach (var runner in runners)
            await runner.StartAsync(CancellationToken.None);
        await control.StartAsync(CancellationToken.None);
    }

    public async Task Stop()
    {
        if (stopped)
            return;
        stopped = true;
        // Bounded: what does not end fails its test, not the whole run.
        using var limit = new CancellationTokenSource(StopLimit);
        BackgroundService[] services = [.. runners, control, Feed, head];
        foreach (var service in services)
        {
            await service.StopAsync(limit.Token);
            Assert.True(
                service.ExecuteTask is null or { IsCompleted: true }, $"{service} did not stop within {StopLimit}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        await database.DisposeAsync();
    }
}
