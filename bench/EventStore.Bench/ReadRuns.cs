using System.Diagnostics;

namespace EventStore.Bench;

/// <summary>How fast the log and a stream are read, and the whole log is verified.</summary>
internal sealed class ReadRuns(Ground ground, FigureTable table, Arguments arguments)
{
    private const string RawLog = "raw COPY out of the log";
    private const string RawStream = "raw COPY out of a stream of 10,000 events";

    public async Task Read()
    {
        await ground.Fill(arguments.Events);
        await Rounds.Measure(
            table,
            arguments,
            new Run(RawLog, _ => CopyOut()),
            new Run("read the log, typed events", _ => Count(ground.Store.ReadLog(0)), RawLog),
            new Run("read the log, data as JSON", _ => Count(ground.Untyped.ReadLog(0)), RawLog),
            new Run("subscribe, catching up", _ => CatchUp(), RawLog));

        const string stream = "stock/demo/long";
        const int events = 10_000;
        for (var n = 0; n < events; n += 1000)
            await ground.Store.Append(Sample.Request(stream, n, 1000));
        await Rounds.Measure(
            table,
            arguments,
            new Run(RawStream, length => Repeat(length, async () =>
            {
                await ground.Raw.CopyOut(
                    $"where stream_id = (select id from eventstore.streams where stream = '{stream}') order by version");
                return events;
            })),
            new Run(
                "read the stream", length => Repeat(length, () => Count(ground.Store.ReadStream(stream))), RawStream),
            new Run(
                "read the stream backward",
                length => Repeat(length, () => Count(
                    ground.Store.ReadStream(stream, direction: ReadDirection.Backward))),
                RawStream));
    }

    public async Task Verify()
    {
        await ground.Fill(arguments.Events);
        const string limit = "raw COPY out of the log, once more";
        var inspection = new LogInspection(ground.DataSource, ground.Store, Sample.Types);
        await Rounds.Measure(
            table,
            arguments with { Rounds = 1 },
            new Run(limit, _ => CopyOut()),
            new Run("verify the log", async _ => (await inspection.Verify()).Events, limit));
    }

    private async Task<long> CopyOut()
    {
        await ground.Raw.CopyOut("order by position");
        return await ground.Ask("select count(*) from eventstore.events");
    }

    private async Task<long> CatchUp()
    {
        var (count, head) = (0L, await ground.Store.ReadHead());
        await foreach (var batch in ground.Store.Subscribe(0))
        {
            count += batch.Events.Count;
            if (batch.Position >= head)
                break;
        }
        return count;
    }

    private static async Task<long> Count(IAsyncEnumerable<RecordedEvent> events)
    {
        var count = 0L;
        await foreach (var _ in events)
            count++;
        return count;
    }

    private static async Task<long> Repeat(TimeSpan length, Func<Task<long>> work)
    {
        var (count, start) = (0L, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(start) < length)
            count += await work();
        return count;
    }
}
