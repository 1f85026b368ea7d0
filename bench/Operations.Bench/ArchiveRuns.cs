namespace Operations.Bench;

/// <summary>All messages archived as a group, and restored.</summary>
internal sealed class ArchiveRuns(OperationsProcess operations, FigureTable table, int messages)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    public async Task Measure()
    {
        var group = await GroupOperation.IdOf(operations);
        var archiving = new GroupOperation(operations);
        var start = Spent.Now(operations);
        await archiving.Run(group, "archive", "ArchiveCompleted");
        Add($"archive of a group, {archiving.StepsSeen} steps seen", start);

        start = Spent.Now(operations);
        await operations.Post($"recoverability/groups/{group}/errors/unarchive");
        using var limit = new CancellationTokenSource(Patience);
        while (await operations.Count("unresolved") != messages)
            await Task.Delay(250, limit.Token);
        Add("restore of a group", start);
    }

    private void Add(string what, Spent start)
    {
        var end = Spent.Now(operations);
        table.Add(new Figure(
            what,
            messages / end.SecondsSince(start),
            Cost: end.CostSince(start, messages),
            Memory: operations.Memory));
    }
}
