namespace EventStore.Bench;

/// <summary>How fast callers append, each waiting for its answer before the next append.</summary>
internal sealed class AppendRuns(Ground ground, FigureTable table, Arguments arguments)
{
    private const string RawInsert = "raw insert, 2 clients, 64 rows each";

    /// <summary>What 64 callers fill, as half of them wait for one writer and half for the other.</summary>
    private const string RawInsertOfHalf = "raw insert, 2 clients, 32 rows each";

    private const string RawInsertOfMany = "raw insert, 2 clients, 640 rows each";
    private const string RawCopy = "raw COPY in";
    private const string MessageDb = "message-db, 16 clients";

    public async Task Measure()
    {
        await ground.Raw.CreateTable();
        await using var messageDb = await ground.MessageDb();
        Run[] others = messageDb is null ? [] : [new Run(MessageDb, length => messageDb.Write(16, length))];
        await Rounds.Measure(
            table,
            arguments,
            [
                new Run(RawCopy, ground.Raw.CopyIn),
                new Run(RawInsert, length => ground.Raw.Insert(2, 64, length)),
                new Run(RawInsertOfHalf, length => ground.Raw.Insert(2, 32, length)),
                .. others,
                Append(64, 1, [RawInsert, RawInsertOfHalf, .. others.Select(other => other.What)]),
                Append(16, 1, RawInsert),
                new Run(Transactions(16), length => ground.Raw.Insert(16, 1, length)),
                new Run(Transactions(1), length => ground.Raw.Insert(1, 1, length)),
                Append(1, 1, Transactions(1)),
            ]);
        await ground.Raw.CreateTable();
        await Rounds.Measure(
            table,
            arguments,
            new Run(RawInsertOfMany, length => ground.Raw.Insert(2, 640, length)),
            Append(64, 10, RawInsertOfMany),
            Append(16, 10, RawInsertOfMany),
            Append(1, 10, RawInsertOfMany));
    }

    private static string Transactions(int clients) => $"raw transactions of one row, {clients} client(s)";

    private Run Append(int callers, int eventsEach, params string[] limits) => new(
        $"append, {callers} caller(s), {eventsEach} event(s) each",
        length => ground.Appending.Work(callers, eventsEach, length),
        limits);
}
