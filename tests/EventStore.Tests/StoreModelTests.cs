using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

/// <summary>
/// Random histories do to the store what they do to a model of it in memory, and read the same afterwards. A failure
/// comes with its seed and the smallest history that still fails. STORE_MODEL_CASES sets how many are tried.
/// </summary>
public sealed class StoreModelTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static readonly DateTimeOffset Midnight = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Fold<int> Count = new("count", 0, static (count, _) => count + 1, SnapshotEvery: null);

    private static readonly int Cases = int.Parse(
        Environment.GetEnvironmentVariable("STORE_MODEL_CASES") ?? "60", CultureInfo.InvariantCulture);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PostgresEventStore Store => database.Store;

    [Fact]
    public Task Random_histories_agree_with_the_model() => TryAll(Cases, forgetful: false);

    [Fact]
    public async Task A_store_that_forgot_a_rollback_would_be_found_and_told_in_few_steps()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => TryAll(500, forgetful: true));
        var told = error.Message.Split('\n');
        var shrunk = Array.FindIndex(told, line => line.StartsWith("Shrunk:", StringComparison.Ordinal));
        Assert.True(shrunk > 0, error.Message);
        var step = Assert.Single(told[shrunk..], line => Enum.GetNames<Way>().Any(
            way => line.StartsWith($"{way}: ", StringComparison.Ordinal)));
        Assert.StartsWith(nameof(Way.RolledBack), step, StringComparison.Ordinal);
        Assert.DoesNotContain("; then ", step, StringComparison.Ordinal);
    }

    /// <param name="forgetful">With a model that takes what was rolled back for appended.</param>
    private Task TryAll(int cases, bool forgetful)
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(cases).WithStartSize(2).WithEndSize(16);
        // The runner blocks its thread.
        return Task.Run(
            () => Check.One(
                config,
                Prop.ForAll(StoreHistory.Arbitrary, (StoreHistory history) => Live(history, forgetful))),
            Cancel);
    }

    private async Task Live(StoreHistory history, bool forgetful)
    {
        var run = NewStream("run");
        var start = await Store.ReadHead(Cancel);
        var model = new StoreModel(start);
        var made = new List<(AppendRequest Request, AppendResult Result)>();
        foreach (var step in history.Steps)
        {
            await using var connection = step.Way is Way.Own ? null : await database.DataSource.OpenConnectionAsync(Cancel);
            await using var transaction = connection is null ? null : await connection.BeginTransactionAsync(Cancel);
            var (undo, known) = (model.Save(), made.Count);
            foreach (var append in step.Appends)
            {
                if (append.Repeats is { } before)
                {
                    // Twice in one transaction is an error of its own.
                    if (known >= before && made[known - before] is { Result: Appended } first)
                        Same(first.Result, await Append(first.Request));
                    continue;
                }
                var request = Request(run, append, model);
                var answer = await Append(request);
                Same(model.Append(request, answer is Appended { Positions: var positions } ? positions : []), answer);
                made.Add((request, answer));
            }
            if (step.Way is Way.Joined)
                await transaction!.CommitAsync(Cancel);
            if (step.Way is not Way.RolledBack)
                continue;
            await transaction!.RollbackAsync(Cancel);
            made.RemoveRange(known, made.Count - known);
            if (!forgetful)
                undo();

            ValueTask<AppendResult> Append(AppendRequest request) => transaction is null
                ? Store.Append(request, Cancel)
                : Store.Append(request, transaction, Cancel);
        }
        await CompareReads(run, start, model, new Random(history.Steps.Count));
    }

    private static AppendRequest Request(string run, AppendStep step, StoreModel model) => new(
        [
            .. step.Streams.Select(stream => new StreamAppend(
                $"{run}/{stream.Stream}",
                stream.Expected,
                [.. stream.Events.Select((e, n) => Tag(run, e.Removed ? new ItemRemoved($"{n}") : Added(n), e.Tags))]))
        ],
        new EventMetadata(Guid.CreateVersion7(), $"tenant-{step.Tenant}", Midnight.AddHours(step.Hour)),
        step.Claim is null ? null : [new KeyClaim($"{run}/{step.Claim}", $"{run}/{step.Streams[0].Stream}")],
        step.Release is null ? null : [$"{run}/{step.Release}"],
        step.Condition is not { } condition
            ? null
            :
            [
                new AppendCondition(
                    new LogFilter(condition.OnlyRemoved ? ["item-removed"] : null, Tags: Tags(run, condition.Tags)),
                    condition.Back == 0 ? model.Head : model.PositionBack(condition.Back))
            ]);

    private static object Tag(string run, object data, string tags) =>
        tags.Length == 0 ? data : new Tagged(data, Tags(run, tags));

    private static string[] Tags(string run, string tags) => [.. tags.Split(' ').Select(tag => $"{run}:{tag}")];

    private static void Same(AppendResult expected, AppendResult actual)
    {
        if (expected is not Appended appended)
        {
            Assert.Equal(expected, actual);
            return;
        }
        Assert.Equal(appended.Versions, Assert.IsType<Appended>(actual).Versions);
        Assert.Equal(appended.Positions, ((Appended)actual).Positions);
        Assert.Equal(appended.Positions.Order(), appended.Positions);
    }

    private async Task CompareReads(string run, long start, StoreModel model, Random random)
    {
        Assert.Equal(model.Head, await Store.ReadHead(Cancel));
        for (var n = 0; n < StoreHistory.Streams; n++)
        {
            var stream = $"{run}/{n}";
            var (from, limit) = (random.Next(1, 5), random.Next(6) is > 0 and var few ? few : (int?)null);
            var wanted = model.Stream(stream).Where(e => e.Version >= from).ToList();
            await Equal(wanted, limit, Store.ReadStream(stream, from, ReadDirection.Forward, limit, Cancel));
            wanted.Reverse();
            await Equal(wanted, limit, Store.ReadStream(stream, from, ReadDirection.Backward, limit, Cancel));
            var loaded = (await Store.Load([stream], Count, cancellationToken: Cancel))[stream];
            Assert.Equal(new Loaded<int>(model.Stream(stream).Count(), model.Stream(stream).Count()), loaded);
        }
        foreach (var filter in new LogFilter[]
        {
            new(),
            new(["item-removed"]),
            new(["item-removed", "item-added"], "tenant-1"),
            new(Since: Midnight.AddHours(3)),
            new(Tags: Tags(run, "x")),
            new(["item-added"], "tenant-0", Midnight.AddHours(1), Tags(run, "x y")),
        })
        {
            var after = random.Next(2) == 0 ? start : model.PositionBack(random.Next(1, 6));
            var limit = random.Next(4) is > 0 and var few ? few * 3 : (int?)null;
            await Equal([.. model.Matching(filter, after)], limit, Store.ReadLog(after, filter, limit, Cancel));
        }
        var tagged = new LogFilter(Tags: Tags(run, "x"));
        var all = await Store.Load(tagged, Count, Cancel);
        Assert.Equal((model.Matching(tagged).Count(), model.Head), (all.State, all.Position));

        static async Task Equal(IReadOnlyList<ModelEvent> wanted, int? limit, IAsyncEnumerable<RecordedEvent> read) =>
            Assert.Equal(wanted.Take(limit ?? int.MaxValue), (await read.All()).Select(ModelEvent.Of));
    }
}
