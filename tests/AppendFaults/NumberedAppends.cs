using EventStore;
using Npgsql;

namespace AppendFaults;

/// <summary>
/// Appends that their number says all about, so that whoever repeats one makes the same, and whoever knows the number
/// knows what must be in the log.
/// </summary>
public static class NumberedAppends
{
    public sealed record Done(int Number, int Index);

    public static EventTypes Types { get; } = new EventTypes().Map<Done>("chaos-done");

    /// <summary>
    /// One to three events in a stream that must be new, up to two in one that many share, a key, and a tag now and
    /// then.
    /// </summary>
    public static AppendRequest Request(int number)
    {
        var random = new Random(number);
        var events = Enumerable.Range(0, EventsOf(number)).Select(object (index) =>
            random.Next(4) == 0 ? new Tagged(new Done(number, index), [$"tag:{number % 16}"]) : new Done(number, index))
            .ToList();
        var own = 1 + (number % Math.Min(3, events.Count));
        var streams = new List<StreamAppend>
        {
            new(StreamOf(number), ExpectedVersion.NoStream, events[..own]),
        };
        if (own < events.Count)
            streams.Add(new StreamAppend($"shared/{number % 40}", ExpectedVersion.Any, events[own..]));
        return new AppendRequest(
            streams,
            new EventMetadata(CommandId(number), "chaos", DateTimeOffset.UnixEpoch),
            [new KeyClaim($"key/{number}", StreamOf(number))]);
    }

    public static int EventsOf(int number) => 1 + (number % 5);

    public static string StreamOf(int number) => $"own/{number}";

    /// <summary>
    /// What is wrong with the log: an append of the first list that is not there whole and once, one of the second that
    /// is there at all, one of the third that is there in part.
    /// </summary>
    public static async Task<IReadOnlyList<string>> Faults(
        NpgsqlDataSource dataSource,
        IReadOnlyCollection<int> acknowledged,
        IReadOnlyCollection<int> refused,
        IReadOnlyCollection<int> undecided,
        CancellationToken cancellationToken)
    {
        var there = await Events(dataSource, cancellationToken);
        var owners = await Owners(dataSource, cancellationToken);
        var wrong = new List<string>();
        foreach (var number in acknowledged.Where(number => !Whole(number)))
            wrong.Add($"acknowledged, but {Describe(number)}");
        foreach (var number in refused.Where(number => !Absent(number)))
            wrong.Add($"refused, but {Describe(number)}");
        foreach (var number in undecided.Where(number => !Whole(number) && !Absent(number)))
            wrong.Add($"in part: {Describe(number)}");
        var known = acknowledged.Concat(refused).Concat(undecided).Select(CommandId).ToHashSet();
        wrong.AddRange(there.Keys.Where(id => !known.Contains(id)).Select(id => $"nobody appended command {id}"));
        return wrong;

        bool Whole(int number) =>
            there.TryGetValue(CommandId(number), out var events)
            && events == (EventsOf(number), EventsOf(number), Request(number).Streams.Count)
            && owners.GetValueOrDefault($"key/{number}") == StreamOf(number);

        bool Absent(int number) => !there.ContainsKey(CommandId(number)) && !owners.ContainsKey($"key/{number}");

        string Describe(int number) =>
            $"{number} has {there.GetValueOrDefault(CommandId(number))} (events, ids, streams) and the key of "
            + $"{owners.GetValueOrDefault($"key/{number}") ?? "nobody"}";
    }

    private static Guid CommandId(int number) => new(number, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 0);

    private static async Task<Dictionary<Guid, (long Events, long Ids, long Streams)>> Events(
        NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        var there = new Dictionary<Guid, (long, long, long)>();
        await using var command = dataSource.CreateCommand(
            """
            select command_id, count(*), count(distinct event_id), count(distinct stream)
            from eventstore.events group by command_id
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            there.Add(reader.GetGuid(0), (reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));
        return there;
    }

    private static async Task<Dictionary<string, string>> Owners(
        NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var command = dataSource.CreateCommand("select key, owner from eventstore.keys");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            owners.Add(reader.GetString(0), reader.GetString(1));
        return owners;
    }
}
