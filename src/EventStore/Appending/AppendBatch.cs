using System.Text.Json;

namespace EventStore.Appending;

/// <summary>Independent appends that go together. No two of them touch the same stream or key.</summary>
internal sealed class AppendBatch
{
    private readonly List<KeyRow> keys = [];
    private readonly List<ConditionRow> conditions = [];

    public AppendBatch(IReadOnlyList<EncodedAppend> appends)
    {
        Appends = appends;
        var (streamCount, eventCount) = (0, 0);
        foreach (var append in appends)
        {
            streamCount += append.Request.Streams.Count;
            eventCount += append.Events.Length;
        }
        EventCount = eventCount;
        StreamNames = new string[streamCount];
        Streams = new StreamRow[streamCount];
        var n = 0;
        for (var a = 0; a < appends.Count; a++)
        {
            var request = appends[a].Request;
            for (var s = 0; s < request.Streams.Count; s++, n++)
                (StreamNames[n], Streams[n]) = (request.Streams[s].Stream, new StreamRow(a, s));
            foreach (var claim in request.Claims ?? [])
                keys.Add(new KeyRow(a, claim.Key, claim.Owner));
            foreach (var key in request.Releases ?? [])
                keys.Add(new KeyRow(a, key, null));
            foreach (var condition in request.Conditions ?? [])
                conditions.Add(new ConditionRow(a, condition));
        }
        Array.Sort(StreamNames, Streams, StringComparer.Ordinal);
    }

    public IReadOnlyList<EncodedAppend> Appends { get; }

    public int EventCount { get; }

    /// <summary>The names of <see cref="Streams"/>, in ordinal order.</summary>
    public string[] StreamNames { get; }

    public StreamRow[] Streams { get; }

    public IReadOnlyList<KeyRow> Keys => keys;

    /// <summary>The conditions as <c>Schema/append.sql</c> takes them; null where there are none.</summary>
    public string? Conditions() => conditions.Count == 0
        ? null
        : JsonSerializer.Serialize(conditions.Select(row => new
        {
            append = row.Append + 1,
            after = row.Condition.After,
            tags = row.Condition.None.Tags,
            types = row.Condition.None.Types,
            tenant = row.Condition.None.Tenant,
            since = row.Condition.None.Since,
        }));

    /// <summary>
    /// One result for each append, in order; null for a repeated one, whose first answer has to be looked up. What a
    /// <see cref="StreamTombstoned"/> says beyond stream and version has to be looked up as well.
    /// </summary>
    public AppendResult?[] Results(AppendAnswer answer)
    {
        var results = new AppendResult?[Appends.Count];
        var settled = new bool[Appends.Count];
        foreach (var repeated in answer.Repeated)
            settled[repeated - 1] = true;
        // Streams are judged before conditions, conditions before keys: the last assignment is the first judgment.
        for (var i = answer.TakenKeys.Length - 1; i >= 0; i--)
        {
            var key = keys[answer.TakenKeys[i] - 1];
            Settle(key.Append, new KeyTaken(key.Key, answer.KeyHolders[i]));
        }
        for (var i = answer.FailedConditions.Length - 1; i >= 0; i--)
        {
            var row = conditions[answer.FailedConditions[i] - 1];
            Settle(row.Append, new ConditionFailed(row.Condition, answer.OffendingPositions[i]));
        }
        for (var i = answer.ConflictingStreams.Length - 1; i >= 0; i--)
        {
            var row = Streams[answer.ConflictingStreams[i] - 1];
            var stream = Appends[row.Append].Request.Streams[row.Index];
            var actual = answer.ActualVersions[i];
            Settle(row.Append, actual < 0
                ? new StreamTombstoned(stream.Stream, -actual, default, "", null)
                : new VersionConflict(stream.Stream, stream.Expected, actual));
        }

        var versions = new long[Appends.Count][];
        for (var i = 0; i < Streams.Length; i++)
        {
            var row = Streams[i];
            versions[row.Append] ??= new long[Appends[row.Append].Request.Streams.Count];
            versions[row.Append][row.Index] = answer.Versions[i];
        }
        var next = 0;
        for (var i = 0; i < results.Length; i++)
        {
            if (settled[i])
                continue;
            var count = Appends[i].Events.Length;
            results[i] = new Appended(answer.Positions[next..(next + count)], versions[i]);
            next += count;
        }
        return results;

        void Settle(int append, AppendResult result) => (results[append], settled[append]) = (result, true);
    }

    /// <param name="Append">Index of the append.</param>
    /// <param name="Index">Index of the stream in the append's request.</param>
    internal readonly record struct StreamRow(int Append, int Index);

    /// <param name="Owner">Null: a release.</param>
    internal sealed record KeyRow(int Append, string Key, string? Owner);

    private sealed record ConditionRow(int Append, AppendCondition Condition);
}

/// <summary>The row that eventstore.append answers with; see there.</summary>
internal sealed record AppendAnswer(
    long[] Positions,
    long[] Versions,
    int[] Repeated,
    int[] ConflictingStreams,
    long[] ActualVersions,
    int[] FailedConditions,
    long[] OffendingPositions,
    int[] TakenKeys,
    string[] KeyHolders);
