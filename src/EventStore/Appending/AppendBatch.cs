using Npgsql;
using NpgsqlTypes;

namespace EventStore.Appending;

/// <summary>
/// Independent appends as the arrays that <c>Schema/append.sql</c> takes. No two of them touch the same stream or key.
/// </summary>
internal sealed class AppendBatch
{
    private readonly IReadOnlyList<EncodedAppend> appends;
    private readonly StreamRow[] streams;
    private readonly KeyRow[] keys;

    public AppendBatch(IReadOnlyList<EncodedAppend> appends)
    {
        this.appends = appends;
        streams =
        [
            .. appends.SelectMany(
                (append, a) => append.Request.Streams.Select((stream, s) => new StreamRow(a, s, stream)))
        ];
        Array.Sort(streams, static (x, y) => string.CompareOrdinal(x.Stream.Stream, y.Stream.Stream));
        keys =
        [
            .. appends.SelectMany((append, a) =>
                (append.Request.Claims ?? []).Select(claim => new KeyRow(a, claim.Key, claim.Owner))
                .Concat((append.Request.Releases ?? []).Select(key => new KeyRow(a, key, null))))
        ];
    }

    /// <summary>Adds the arguments of eventstore.append in their order.</summary>
    public void AddTo(NpgsqlParameterCollection parameters)
    {
        Add(parameters, appends.Select(append => append.Id));

        Add(parameters, streams.Select(row => row.Append + 1));
        Add(parameters, streams.Select(row => row.Stream.Stream));
        Add(parameters, streams.Select(row => row.Stream.Expected.Value));
        Add(parameters, streams.Select(row => row.Stream.Events.Count));

        AddEvents(parameters);

        Add(parameters, keys.Select(row => row.Append + 1));
        Add(parameters, keys.Select(row => row.Key));
        Add(parameters, keys.Select(row => row.Owner));
    }

    /// <summary>
    /// One result for each append, in order; null for a repeated one, whose first answer has to be looked up.
    /// </summary>
    public AppendResult?[] Results(AppendAnswer answer)
    {
        var results = new AppendResult?[appends.Count];
        var settled = new bool[appends.Count];
        foreach (var repeated in answer.Repeated)
            settled[repeated - 1] = true;
        for (var i = 0; i < answer.TakenKeys.Length; i++)
        {
            var key = keys[answer.TakenKeys[i] - 1];
            results[key.Append] ??= new KeyTaken(key.Key, answer.KeyHolders[i]);
            settled[key.Append] = true;
        }
        for (var i = 0; i < answer.ConflictingStreams.Length; i++)
        {
            var row = streams[answer.ConflictingStreams[i] - 1];
            results[row.Append] ??=
                new VersionConflict(row.Stream.Stream, row.Stream.Expected, answer.ActualVersions[i]);
            settled[row.Append] = true;
        }

        var versions = new long[appends.Count][];
        for (var i = 0; i < streams.Length; i++)
        {
            var row = streams[i];
            versions[row.Append] ??= new long[appends[row.Append].Request.Streams.Count];
            versions[row.Append][row.Index] = answer.Versions[i];
        }
        var next = 0;
        for (var i = 0; i < results.Length; i++)
        {
            if (settled[i])
                continue;
            var count = appends[i].Events.Length;
            results[i] = new Appended(answer.Positions[next..(next + count)], versions[i]);
            next += count;
        }
        return results;
    }

    private void AddEvents(NpgsqlParameterCollection parameters)
    {
        var count = appends.Sum(append => append.Events.Length);
        var (owners, rows, offsets) = (new int[count], new int[count], new int[count]);
        var (ids, names, types, schemas) = (new Guid[count], new string[count], new string[count], new int[count]);
        var (data, commands, tenants, times) =
            (new byte[count][], new Guid[count], new string[count], new DateTime[count]);
        var (correlations, causations, users, traces) =
            (new string?[count], new string?[count], new string?[count], new string?[count]);

        var rowOf = new Dictionary<(int, int), int>(streams.Length);
        for (var i = 0; i < streams.Length; i++)
            rowOf[(streams[i].Append, streams[i].Index)] = i + 1;

        var n = 0;
        for (var a = 0; a < appends.Count; a++)
        {
            var (append, metadata) = (appends[a], appends[a].Request.Metadata);
            var e = 0;
            for (var s = 0; s < append.Request.Streams.Count; s++)
            {
                var stream = append.Request.Streams[s];
                for (var offset = 1; offset <= stream.Events.Count; offset++, e++, n++)
                {
                    var @event = append.Events[e];
                    (owners[n], rows[n], offsets[n]) = (a + 1, rowOf[(a, s)], offset);
                    (ids[n], names[n]) = (append.EventId(e), stream.Stream);
                    (types[n], schemas[n], data[n]) = (@event.Type.Name, @event.Type.SchemaVersion, @event.Json);
                    (commands[n], tenants[n]) = (metadata.CommandId, metadata.Tenant);
                    times[n] = metadata.Time.UtcDateTime;
                    (correlations[n], causations[n]) = (metadata.CorrelationId, metadata.CausationId);
                    (users[n], traces[n]) = (metadata.User, metadata.TraceParent);
                }
            }
        }

        Add(parameters, owners);
        Add(parameters, rows);
        Add(parameters, offsets);
        Add(parameters, ids);
        Add(parameters, names);
        Add(parameters, types);
        Add(parameters, schemas);
        parameters.Add(new NpgsqlParameter<byte[][]>
        {
            TypedValue = data,
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Json,
        });
        Add(parameters, commands);
        Add(parameters, tenants);
        Add(parameters, times);
        Add(parameters, correlations);
        Add(parameters, causations);
        Add(parameters, users);
        Add(parameters, traces);
    }

    private static void Add<T>(NpgsqlParameterCollection parameters, IEnumerable<T> values) =>
        parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values as T[] ?? [.. values] });

    private sealed record StreamRow(int Append, int Index, StreamAppend Stream);

    /// <param name="Owner">Null: a release.</param>
    private sealed record KeyRow(int Append, string Key, string? Owner);
}

/// <summary>The row that eventstore.append answers with; see there.</summary>
internal sealed record AppendAnswer(
    long[] Positions,
    long[] Versions,
    int[] Repeated,
    int[] ConflictingStreams,
    long[] ActualVersions,
    int[] TakenKeys,
    string[] KeyHolders);
