namespace Operations.Bench;

/// <summary>All messages returned to their queue as a group.</summary>
internal sealed class RetryRun(Ground ground, OperationsProcess operations, FigureTable table, int messages)
{
    public async Task Measure()
    {
        var group = await GroupOperation.IdOf(operations);
        var retry = new GroupOperation(operations);
        var start = Spent.Now(operations);
        await retry.Run(group, "retry", "Completed");
        var end = Spent.Now(operations);
        // Also proves that each is there once.
        await ground.Until(FailedMessage.Endpoint, (uint)messages);
        var rate = messages / end.SecondsSince(start);
        table.Add(new Figure(
            $"retry of a group until all are back in their queue, {retry.StepsSeen} steps seen",
            rate,
            table.Share(rate, RawLimits.Publish),
            end.CostSince(start, messages),
            Memory: operations.Memory));
    }
}
