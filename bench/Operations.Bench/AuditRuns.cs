using Messaging.Bench;

namespace Operations.Bench;

/// <summary>An audit queue that fills while Operations runs, and what ServicePulse asks of all messages.</summary>
internal sealed class AuditRuns(Ground ground, OperationsProcess operations, FigureTable table, Arguments arguments)
{
    private const string Queue = "audit";
    private const int Few = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private static readonly string[] Orders = ["time_sent", "processing_time", "critical_time", "delivery_time"];

    public async Task Measure()
    {
        using var limit = new CancellationTokenSource(Patience);
        await ground.Connection.Declare(Queue);
        // The first partitions are made, and the code is compiled.
        await ground.Publish(Queue, Few, HandledMessage.Number);
        await Kept(Few, limit.Token);
        var start = Spent.Now(operations);
        await ground.Publish(Queue, arguments.Messages, HandledMessage.Number);
        await Kept(Few + arguments.Messages, limit.Token);
        var end = Spent.Now(operations);
        table.Add(new Figure(
            "published to and taken in from the audit queue",
            arguments.Messages / end.SecondsSince(start),
            Cost: end.CostSince(start, arguments.Messages),
            Memory: operations.Memory));

        var pages = new PageRuns(operations, table, arguments);
        foreach (var order in Orders)
            await pages.Page($"all messages by {order}", List("", order));
        await pages.Page("all messages of an endpoint", List("", "time_sent") + $"&endpoint_name={HandledMessage.Endpoint}");
        await pages.Page("all messages, a word in all", List("handling", "time_sent"));
        await pages.Page("all messages, words in a few", List("customer-996%20command4", "time_sent"));
        await pages.Page("all messages, a word in none", List("nowhere", "time_sent"));
        var conversation = HandledMessage.ConversationOf(arguments.Messages / 2);
        await pages.Page("a conversation", $"conversations/{conversation}");
        var found = (await operations.Get($"conversations/{conversation}")).EnumerateArray().First();
        await pages.Page("a message by its id", $"messages/search/{found.GetProperty("message_id").GetString()}");
        await pages.Page("a handled message's body", found.GetProperty("body_url").GetString()![1..]);
    }

    private static string List(string words, string order) =>
        $"messages2/?q={words}&page_size=100&sort={order}&direction=desc";

    private async Task Kept(int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            var days = await operations.Get($"endpoints/{HandledMessage.Endpoint}/audit-count");
            if (days.EnumerateArray().Sum(day => day.GetProperty("count").GetInt64()) >= count)
                return;
            await Task.Delay(100, cancellationToken);
        }
    }
}
