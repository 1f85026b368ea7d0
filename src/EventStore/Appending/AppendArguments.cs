using Npgsql;
using NpgsqlTypes;

namespace EventStore.Appending;

/// <summary>
/// The parameters of <c>append_batch.sql</c>: made once for a command, and filled for each batch that it runs.
/// </summary>
internal sealed class AppendArguments
{
    private readonly NpgsqlParameter<Guid[]> ids;
    private readonly NpgsqlParameter<int[]> firstStreams;
    private readonly NpgsqlParameter<int[]> streamAppends;
    private readonly NpgsqlParameter<string[]> streamNames;
    private readonly NpgsqlParameter<long[]> streamExpected;
    private readonly NpgsqlParameter<int[]> streamCounts;
    private readonly NpgsqlParameter<int[]> eventStreams;
    private readonly NpgsqlParameter<int[]> eventOffsets;
    private readonly NpgsqlParameter<Guid[]> eventIds;
    private readonly NpgsqlParameter<string[]> eventTypes;
    private readonly NpgsqlParameter<int[]> eventSchemas;
    private readonly NpgsqlParameter<byte[][]> eventData;
    private readonly NpgsqlParameter<Guid[]> eventCommands;
    private readonly NpgsqlParameter<string[]> eventTenants;
    private readonly NpgsqlParameter<DateTime[]> eventTimes;
    private readonly NpgsqlParameter<string?[]?> eventCorrelations;
    private readonly NpgsqlParameter<string?[]?> eventCausations;
    private readonly NpgsqlParameter<string?[]?> eventUsers;
    private readonly NpgsqlParameter<string?[]?> eventTraces;
    private readonly NpgsqlParameter<int[]?> tagEvents;
    private readonly NpgsqlParameter<string[]?> tagNames;
    private readonly NpgsqlParameter<long[]?> lockKeys;
    private readonly NpgsqlParameter<bool[]?> lockAlone;
    private readonly NpgsqlParameter<string?> conditions;
    private readonly NpgsqlParameter<int[]?> keyAppends;
    private readonly NpgsqlParameter<string[]?> keyNames;
    private readonly NpgsqlParameter<string?[]?> keyOwners;
    private readonly NpgsqlParameter<int?> patience;

    /// <summary>Adds the parameters in the order of the function's arguments.</summary>
    public AppendArguments(NpgsqlParameterCollection parameters)
    {
        ids = Add<Guid[]>(NpgsqlDbType.Array | NpgsqlDbType.Uuid);
        firstStreams = Add<int[]>(NpgsqlDbType.Array | NpgsqlDbType.Integer);
        streamAppends = Add<int[]>(NpgsqlDbType.Array | NpgsqlDbType.Integer);
        streamNames = Add<string[]>(NpgsqlDbType.Array | NpgsqlDbType.Text);
        streamExpected = Add<long[]>(NpgsqlDbType.Array | NpgsqlDbType.Bigint);
        streamCounts = Add<int[]>(NpgsqlDbType.Array | NpgsqlDbType.Integer);
        eventStreams = Add<int[]>(NpgsqlDbType.Array | NpgsqlDbType.Integer);
        eventOffsets = Add<int[]>(NpgsqlDbType.Array | NpgsqlDbType.Integer);
        eventIds = Add<Guid[]>(NpgsqlDbType.Array | NpgsqlDbType.Uuid);
        eventTypes = Add<string[]>(NpgsqlDbType.Array | NpgsqlDbType.Text);
        eventSchemas = Add<int[]>(NpgsqlDbType.Array | NpgsqlDbType.Integer);
        eventData = Add<byte[][]>(NpgsqlDbType.Array | NpgsqlDbType.Json);
        eventCommands = Add<Guid[]>(NpgsqlDbType.Array | NpgsqlDbType.Uuid);
        eventTenants = Add<string[]>(NpgsqlDbType.Array | NpgsqlDbType.Text);
        eventTimes = Add<DateTime[]>(NpgsqlDbType.Array | NpgsqlDbType.TimestampTz);
        eventCorrelations = Add<string?[]?>(NpgsqlDbType.Array | NpgsqlDbType.Text);
        eventCausations = Add<string?[]?>(NpgsqlDbType.Array | NpgsqlDbType.Text);
        eventUsers = Add<string?[]?>(NpgsqlDbType.Array | NpgsqlDbType.Text);
        eventTraces = Add<string?[]?>(NpgsqlDbType.Array | NpgsqlDbType.Text);
        tagEvents = Add<int[]?>(NpgsqlDbType.Array | NpgsqlDbType.Integer);
        tagNames = Add<string[]?>(NpgsqlDbType.Array | NpgsqlDbType.Text);
        lockKeys = Add<long[]?>(NpgsqlDbType.Array | NpgsqlDbType.Bigint);
        lockAlone = Add<bool[]?>(NpgsqlDbType.Array | NpgsqlDbType.Boolean);
        conditions = Add<string?>(NpgsqlDbType.Jsonb);
        keyAppends = Add<int[]?>(NpgsqlDbType.Array | NpgsqlDbType.Integer);
        keyNames = Add<string[]?>(NpgsqlDbType.Array | NpgsqlDbType.Text);
        keyOwners = Add<string?[]?>(NpgsqlDbType.Array | NpgsqlDbType.Text);
        patience = Add<int?>(NpgsqlDbType.Integer);

        NpgsqlParameter<T> Add<T>(NpgsqlDbType type)
        {
            var parameter = new NpgsqlParameter<T> { NpgsqlDbType = type };
            parameters.Add(parameter);
            return parameter;
        }
    }

    /// <param name="lockPatience">How long to wait for each lock; null: as long as the session does.</param>
    public void Fill(AppendBatch batch, TimeSpan? lockPatience)
    {
        patience.TypedValue = (int?)lockPatience?.TotalMilliseconds;
        conditions.TypedValue = batch.Conditions();
        var firstStreamOf = FillStreams(batch, out var rowOf);
        FillEvents(batch, rowOf);
        (ids.TypedValue, firstStreams.TypedValue) = ([.. batch.Appends.Select(append => append.Id)], firstStreamOf);
        var keys = batch.Keys;
        keyAppends.TypedValue = keys.Count == 0 ? null : [.. keys.Select(row => row.Append + 1)];
        keyNames.TypedValue = keys.Count == 0 ? null : [.. keys.Select(row => row.Key)];
        keyOwners.TypedValue = keys.Count == 0 ? null : [.. keys.Select(row => row.Owner)];
        var locks = TagLocks.Of(batch);
        lockKeys.TypedValue = locks?.Keys;
        lockAlone.TypedValue = locks?.Alone;
    }

    /// <returns>The first stream of each append.</returns>
    /// <param name="rowOf">The row of each stream of each append, counted from 1.</param>
    private int[] FillStreams(AppendBatch batch, out int[][] rowOf)
    {
        var rows = batch.Streams;
        var (owners, expected, counts) = (new int[rows.Length], new long[rows.Length], new int[rows.Length]);
        rowOf = new int[batch.Appends.Count][];
        for (var i = 0; i < rows.Length; i++)
        {
            var (a, s) = rows[i];
            var streams = batch.Appends[a].Request.Streams;
            (owners[i], expected[i], counts[i]) = (a + 1, streams[s].Expected.Value, streams[s].Events.Count);
            (rowOf[a] ??= new int[streams.Count])[s] = i + 1;
        }
        streamNames.TypedValue = batch.StreamNames;
        (streamAppends.TypedValue, streamExpected.TypedValue, streamCounts.TypedValue) = (owners, expected, counts);
        return Array.ConvertAll(rowOf, streams => streams[0]);
    }

    private void FillEvents(AppendBatch batch, int[][] rowOf)
    {
        var count = batch.EventCount;
        var (rows, offsets, schemas) = (new int[count], new int[count], new int[count]);
        var (eventIdValues, commands) = (new Guid[count], new Guid[count]);
        var (types, tenants) = (new string[count], new string[count]);
        var (data, times) = (new byte[count][], new DateTime[count]);
        string?[]? correlations = null, causations = null, users = null, traces = null;
        List<int>? tagged = null;
        List<string>? tags = null;

        var n = 0;
        for (var a = 0; a < batch.Appends.Count; a++)
        {
            var (append, metadata) = (batch.Appends[a], batch.Appends[a].Request.Metadata);
            var e = 0;
            for (var s = 0; s < append.Request.Streams.Count; s++)
            {
                for (var offset = 1; offset <= append.Request.Streams[s].Events.Count; offset++, e++, n++)
                {
                    ref readonly var @event = ref append.Events[e];
                    (rows[n], offsets[n], eventIdValues[n]) = (rowOf[a][s], offset, append.EventId(e));
                    (types[n], schemas[n], data[n]) = (@event.Type.Name, @event.Type.SchemaVersion, @event.Json);
                    (commands[n], tenants[n], times[n]) =
                        (metadata.CommandId, metadata.Tenant, metadata.Time.UtcDateTime);
                    Put(ref correlations, metadata.CorrelationId);
                    Put(ref causations, metadata.CausationId);
                    Put(ref users, metadata.User);
                    Put(ref traces, metadata.TraceParent);
                    foreach (var tag in @event.Tags)
                    {
                        (tagged ??= []).Add(n + 1);
                        (tags ??= []).Add(tag);
                    }
                }
            }
        }

        (eventStreams.TypedValue, eventOffsets.TypedValue, eventIds.TypedValue) = (rows, offsets, eventIdValues);
        (eventTypes.TypedValue, eventSchemas.TypedValue, eventData.TypedValue) = (types, schemas, data);
        (eventCommands.TypedValue, eventTenants.TypedValue, eventTimes.TypedValue) = (commands, tenants, times);
        (eventCorrelations.TypedValue, eventCausations.TypedValue) = (correlations, causations);
        (eventUsers.TypedValue, eventTraces.TypedValue) = (users, traces);
        (tagEvents.TypedValue, tagNames.TypedValue) = (tagged?.ToArray(), tags?.ToArray());

        // A column that is null throughout is sent as a null array.
        void Put(ref string?[]? column, string? value)
        {
            if (value is not null)
                (column ??= new string?[count])[n] = value;
        }
    }
}
