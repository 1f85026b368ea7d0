using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Projections.Engine.Checkpoints;

namespace Projections.Engine.Elasticsearch;

/// <summary>
/// A model in an Elasticsearch index. Documents carry the position of their last event as external version, so writing
/// them twice or late changes nothing. The checkpoint is a document of the same index (see <see
/// cref="IndexCheckpoint"/>), so an index that was emptied or put back says itself from where to go on. The mirror in
/// PostgreSQL follows.
/// </summary>
/// <param name="alias">What readers search: always the live build.</param>
internal sealed class ElasticsearchModel<TKey, TRow>(
    ElasticsearchStorage<TKey> storage, string alias, ElasticsearchClient elasticsearch) : IModelStore<TKey, TRow>
    where TKey : notnull
    where TRow : class
{
    /// <summary>By index: the live one and one that is to take its place.</summary>
    private readonly ConcurrentDictionary<string, IndexCheckpoint> checkpoints = new();
    private readonly IndexLifecycle indexes = new(elasticsearch, alias, EmbeddedText.Read(storage.Definition));

    private const int RowsInRequest = 1_000;

    public string Kind => "elasticsearch";

    public string Definition => indexes.Definition;

    public string StorageOf(string projection, int build) => $"{projection}.{build}";

    public Task Create(Build build, NpgsqlConnection connection, CancellationToken cancellationToken) =>
        indexes.Ensure(build.Storage, cancellationToken);

    public async Task Publish(Build build, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await indexes.Refresh(build.Storage, cancellationToken);
        await indexes.PointAlias(build.Storage, cancellationToken);
    }

    public Task Drop(Build build, NpgsqlConnection connection, CancellationToken cancellationToken) =>
        indexes.Remove(build.Storage, cancellationToken);

    public async Task<long> Open(WriterSession session, CancellationToken cancellationToken)
    {
        var index = session.Build.Storage;
        if (await indexes.Ensure(index, cancellationToken) && session.Build.State == BuildState.Live)
            await indexes.PointAlias(index, cancellationToken);
        // What an earlier writer saved without living to refresh it.
        await indexes.Refresh(index, cancellationToken);
        var position = await Checkpoint(index).Open(index, cancellationToken);
        return Math.Max(position, session.Build.From);
    }

    public Task<long> ReadPosition(WriterSession session, CancellationToken cancellationToken) =>
        Checkpoint(session.Build.Storage).Read(session.Build.Storage, session.Position, cancellationToken);

    public async Task<IReadOnlyDictionary<TKey, TRow>> Load(
        IReadOnlyCollection<TKey> keys, WriterSession session, CancellationToken cancellationToken)
    {
        var byId = keys.ToDictionary(storage.Id);
        var ids = new JsonObject { ["ids"] = new JsonArray([.. byId.Keys.Select(id => JsonValue.Create(id))]) };
        var answer = await elasticsearch.Send(
            HttpMethod.Post, $"{session.Build.Storage}/_mget", ids.ToJsonString(), cancellationToken);
        var rows = new Dictionary<TKey, TRow>();
        foreach (var document in answer["docs"]!.AsArray())
        {
            if (document!["found"]?.GetValue<bool>() is true)
            {
                rows.Add(
                    byId[(string)document["_id"]!],
                    document["_source"].Deserialize<TRow>(JsonSerializerOptions.Web)!);
            }
        }

        return rows;
    }

    public async Task Save(
        ModelChanges<TKey, TRow> changes, Advance advance, WriterSession session, CancellationToken cancellationToken)
    {
        var index = session.Build.Storage;
        await SaveRows(changes.Rows, index, cancellationToken);
        if (changes.Rows.Count > 0)
            await indexes.Refresh(index, cancellationToken);
        await Advance(advance, lazily: changes.IsEmpty, session, cancellationToken);
    }

    public int RowsAtOnce => 5_000;

    public bool CanLoad => true;

    /// <summary>Nobody searches a build that is being filled, so it is not refreshed before it goes live.</summary>
    public async Task Fill(
        ModelChanges<TKey, TRow> changes,
        Advance advance,
        WriterSession session,
        CancellationToken cancellationToken)
    {
        foreach (var some in changes.Rows.Chunk(RowsInRequest))
            await SaveRows(some, session.Build.Storage, cancellationToken);
        await Advance(advance, lazily: false, session, cancellationToken);
    }

    /// <summary>Rows carry the position of their last event, so saving them twice changes nothing.</summary>
    public async Task SaveAside(
        ModelChanges<TKey, TRow> changes,
        string stream,
        long upTo,
        NpgsqlBatchCommand closing,
        WriterSession session,
        CancellationToken cancellationToken)
    {
        await SaveRows(changes.Rows, session.Build.Storage, cancellationToken);
        await indexes.Refresh(session.Build.Storage, cancellationToken);
        await using var batch = new NpgsqlBatch(session.Connection);
        batch.BatchCommands.Add(closing);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task<long> SavedAside(string stream, WriterSession session, CancellationToken cancellationToken) =>
        Task.FromResult(0L);

    /// <summary>
    /// A document that was changed by hand has a version beyond its last event's, so its own version is written again.
    /// One that was deleted left a version that nobody tells: it is written under the next. Should the very next
    /// position of the log be an event of that document, it is taken for old; the next check finds that.
    /// </summary>
    public async Task Repair(
        IReadOnlyCollection<RowChange<TKey, TRow>> rows, WriterSession session, CancellationToken cancellationToken)
    {
        var index = session.Build.Storage;
        var ids = new JsonObject { ["ids"] = new JsonArray([.. rows.Select(row => JsonValue.Create(storage.Id(row.Key)))]) };
        var answer = await elasticsearch.Send(
            HttpMethod.Post, $"{index}/_mget?_source=false", ids.ToJsonString(), cancellationToken);
        var versions = answer["docs"]!.AsArray().ToDictionary(
            document => (string)document!["_id"]!, document => (long?)document!["_version"]);
        var bulk = new StringBuilder();
        foreach (var row in rows)
        {
            var version = versions.GetValueOrDefault(storage.Id(row.Key));
            Append(bulk, row, version is { } held ? (Math.Max(held, row.Position), "external_gte") : null);
        }

        await SaveRows(bulk, index, cancellationToken);
        await indexes.Refresh(index, cancellationToken);
    }

    private async Task Advance(
        Advance advance, bool lazily, WriterSession session, CancellationToken cancellationToken)
    {
        var index = session.Build.Storage;
        await Checkpoint(index).Advance(index, advance.To, lazily, cancellationToken);
        await session.Mirror(advance, cancellationToken);
    }

    private IndexCheckpoint Checkpoint(string index) =>
        checkpoints.GetOrAdd(index, _ => new IndexCheckpoint(elasticsearch));

    private async Task SaveRows(
        IReadOnlyCollection<RowChange<TKey, TRow>> rows, string index, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
            return;
        var bulk = new StringBuilder();
        foreach (var change in rows)
            Append(bulk, change, (change.Position, "external"));
        await SaveRows(bulk, index, cancellationToken);
    }

    private async Task SaveRows(StringBuilder bulk, string index, CancellationToken cancellationToken)
    {
        var answer = await elasticsearch.Send(
            HttpMethod.Post, $"{IndexLifecycle.WriteAlias(index)}/_bulk?require_alias=true", bulk.ToString(),
            cancellationToken);
        if (answer["errors"]!.GetValue<bool>())
            BulkOutcome.Check(answer, index);
    }

    /// <param name="version">As whose version it is written, and over which; null: as the next, over any.</param>
    private void Append(StringBuilder bulk, RowChange<TKey, TRow> change, (long Number, string Type)? version)
    {
        var document = new JsonObject { ["_id"] = storage.Id(change.Key) };
        if (version is var (number, type))
            (document["version"], document["version_type"]) = (number, type);
        var action = new JsonObject { [change.Row is null ? "delete" : "index"] = document };
        bulk.Append(action.ToJsonString()).Append('\n');
        if (change.Row is null)
            return;

        var source = JsonSerializer.SerializeToNode(change.Key, JsonSerializerOptions.Web)!.AsObject();
        foreach (var (name, value) in JsonSerializer.SerializeToNode(change.Row, JsonSerializerOptions.Web)!.AsObject())
            source[name] = value?.DeepClone();
        source["position"] = change.Position;
        bulk.Append(source.ToJsonString()).Append('\n');
    }
}
