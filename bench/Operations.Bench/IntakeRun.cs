using Messaging.Bench;

namespace Operations.Bench;

/// <summary>An error queue that is full when Operations starts.</summary>
internal sealed class IntakeRun(Ground ground, FigureTable table, int messages)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <returns>Operations with all messages taken in.</returns>
    public async Task<OperationsProcess> Measure()
    {
        await ground.Connection.Declare("error");
        await ground.Connection.Declare(FailedMessage.Endpoint);
        await ground.Publish("error", messages);
        var operations = OperationsProcess.Start(ground);
        using var limit = new CancellationTokenSource(Patience);
        // From the first that is there on: how long the program takes to start is another matter.
        var before = await Stored(operations, 1, limit.Token);
        var start = Spent.Now(operations);
        await Stored(operations, messages, limit.Token);
        var end = Spent.Now(operations);
        var taken = messages - before;
        var rate = taken / end.SecondsSince(start);
        table.Add(new Figure(
            "taken in from the error queue",
            rate,
            $"{table.Share(rate, RawLimits.Consume)}, {table.Share(rate, RawLimits.Insert)}".Trim(',', ' '),
            end.CostSince(start, taken),
            Memory: operations.Memory));
        return operations;
    }

    private static async Task<int> Stored(OperationsProcess operations, int atLeast, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await operations.Count("unresolved") is { } count && count >= atLeast)
                return count;
            await Task.Delay(100, cancellationToken);
        }
    }
}
