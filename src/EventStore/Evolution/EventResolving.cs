using EventStore.Archiving;
using EventStore.Erasure;
using EventStore.Serialization;
using Npgsql;

namespace EventStore.Evolution;

/// <summary>
/// Finishes a page of events that could not be decoded each by itself: fetches the keys of sealed ones, looks at the
/// neighbors of those that merge, and puts the parts of split ones in their place. Only pages that have such events
/// come here.
/// </summary>
internal sealed class EventResolving(
    NpgsqlDataSource dataSource, EventSerializer serializer, SubjectKeys keys, ArchivedEvents archived)
{
    private static readonly string NeighborsSql = Sql.Read("Evolution/neighbors.sql");

    public static bool Needs(RecordedEvent recorded) => recorded.Data is SealedEvent or SplitEvent or MergePart;

    /// <param name="keepUnreadable">As in the page's own reading.</param>
    /// <exception cref="EventDataException">An event cannot be read as its type, and is not to be kept.</exception>
    public async Task<List<RecordedEvent>> Resolve(
        List<RecordedEvent> page, bool keepUnreadable, CancellationToken cancellationToken)
    {
        await Open(page, keepUnreadable, cancellationToken);
        if (!page.Exists(Needs))
            return page;
        var neighbors = await Neighbors(page, cancellationToken);
        var resolved = new List<RecordedEvent>(page.Count);
        foreach (var recorded in page)
        {
            switch (recorded.Data)
            {
                case SplitEvent split:
                    resolved.AddRange(split.Parts.Select((part, index) =>
                        recorded with { Type = part.Type, Data = part.Data, Part = index }));
                    break;
                case MergePart part when Group(recorded, part, neighbors) is not { } group:
                    resolved.Add(recorded with { Data = part.Alone });
                    break;
                case MergePart { IsLast: false }:
                    break;
                case MergePart part:
                    resolved.Add(Read(recorded, keepUnreadable, () =>
                    {
                        var (type, data) = serializer.Merge(Group(recorded, part, neighbors)!);
                        return recorded with { Type = type, Data = data };
                    }));
                    break;
                default:
                    resolved.Add(recorded);
                    break;
            }
        }
        return resolved;
    }

    private async Task Open(List<RecordedEvent> page, bool keepUnreadable, CancellationToken cancellationToken)
    {
        var wanted = page.Select(recorded => recorded.Data).OfType<SealedEvent>().SelectMany(e => e.Keys).ToHashSet();
        if (wanted.Count == 0)
            return;
        var found = await keys.ById(wanted, cancellationToken);
        for (var i = 0; i < page.Count; i++)
        {
            if (page[i].Data is SealedEvent)
                page[i] = Open(page[i], found, keepUnreadable);
        }
    }

    private RecordedEvent Open(
        RecordedEvent recorded, IReadOnlyDictionary<long, SubjectKey> found, bool keepUnreadable) =>
        Read(
            recorded,
            keepUnreadable,
            () => recorded with { Data = serializer.Decode((SealedEvent)recorded.Data, found) });

    private static RecordedEvent Read(RecordedEvent recorded, bool keepUnreadable, Func<RecordedEvent> read)
    {
        try
        {
            return read();
        }
        catch (EventDataException e)
        {
            var error = new EventDataException(recorded.Stream, recorded.Version, recorded.Position, recorded.Type, e);
            return keepUnreadable ? recorded with { Data = new UnreadableEvent(recorded.Type, error) } : throw error;
        }
    }

    /// <summary>The parts that make one event with this one, in order; null where they don't stand together.</summary>
    private static List<MergePart>? Group(
        RecordedEvent recorded, MergePart part, Dictionary<(string Stream, long Version), MergePart> neighbors)
    {
        var group = new List<MergePart>();
        foreach (var version in Versions(recorded, part))
        {
            if (!neighbors.TryGetValue((recorded.Stream, version), out var neighbor) || !neighbor.Continues(group))
                return null;
            group.Add(neighbor);
        }
        return group;
    }

    private static IEnumerable<long> Versions(RecordedEvent recorded, MergePart part) =>
        Enumerable.Range(0, part.Rule.Names.Count).Select(index => recorded.Version - part.Index + index);

    private async Task<Dictionary<(string Stream, long Version), MergePart>> Neighbors(
        List<RecordedEvent> page, CancellationToken cancellationToken)
    {
        var parts = new Dictionary<(string Stream, long Version), MergePart>();
        var wanted = new HashSet<(string Stream, long Version)>();
        foreach (var recorded in page)
        {
            if (recorded.Data is not MergePart part)
                continue;
            parts[(recorded.Stream, recorded.Version)] = part;
            wanted.UnionWith(Versions(recorded, part).Select(version => (recorded.Stream, version)));
        }
        wanted.ExceptWith(parts.Keys);
        wanted.ExceptWith(page.Select(recorded => (recorded.Stream, recorded.Version)));
        if (wanted.Count == 0)
            return parts;

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(NeighborsSql, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. wanted.Select(each => each.Stream)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. wanted.Select(each => each.Version)] });
        var rows = new List<(string Stream, long Version, object Data)>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var data = serializer.Decode(reader.GetString(2), reader.GetInt32(3), reader.GetFieldValue<byte[]>(4));
                rows.Add((reader.GetString(0), reader.GetInt64(1), data));
            }
        }
        wanted.ExceptWith(rows.Select(row => (row.Stream, row.Version)));
        wanted.RemoveWhere(each => each.Version < 1);
        if (wanted.Count > 0
            && !await archived.AreWhole(
                [.. wanted.Select(each => (each.Stream, each.Version, long.MaxValue))], cancellationToken))
        {
            return await Neighbors(page, cancellationToken);
        }
        foreach (var row in rows)
        {
            var data = row.Data is SealedEvent @sealed
                ? serializer.Decode(@sealed, await keys.ById(@sealed.Keys, cancellationToken))
                : row.Data;
            if (data is MergePart part)
                parts[(row.Stream, row.Version)] = part;
        }
        return parts;
    }
}
