namespace Operations.Bench;

/// <summary>What ServicePulse asks, each page again and again.</summary>
internal sealed class PageRuns(OperationsProcess operations, FigureTable table, Arguments arguments)
{
    private const int WarmUp = 10;

    private static readonly string[] Orders = ["time_of_failure", "message_type", "time_sent", "modified"];

    public async Task Measure()
    {
        await Page("raw: an answer without a database", "recoverability/classifiers");
        await Page("how many (dashboard)", "errors?status=unresolved&per_page=1");
        foreach (var order in Orders)
        {
            foreach (var direction in new[] { "desc", "asc" })
                await Page($"failed messages by {order}, {direction}", List(order, direction, 1));
        }

        var far = Math.Max(1, arguments.Messages / 100);
        await Page($"failed messages, page {far}", List("time_of_failure", "desc", far));
        var classifiers = (await operations.Get("recoverability/classifiers")).EnumerateArray()
            .Select(name => name.GetString()!).ToList();
        foreach (var classifier in classifiers)
        {
            var path = $"recoverability/groups/{Uri.EscapeDataString(classifier)}";
            await Page($"groups by {classifier}", path);
            var group = (await operations.Get(path)).EnumerateArray().First();
            await Page(
                $"a group of {group.GetProperty("count").GetInt32():N0} by {classifier}",
                $"recoverability/groups/{group.GetProperty("id").GetString()}/errors?status=unresolved"
                + "&sort=time_of_failure&direction=desc&page=1&per_page=50");
        }

        var one = FailedMessage.IdOf(arguments.Messages / 2);
        var words = "messages/search?sort=time_sent&direction=desc&page=1&per_page=50&q=";
        await Page("search for a message id", words + one);
        await Page("search for a word in all", words + "address");
        await Page("search for a word in a few", words + Uri.EscapeDataString("Customer 996 has"));
        await Page("search for a word in none", words + "nowhere");
        await Page("summary", "errors/summary");
        await Page("queues", "errors/queues/addresses");
        await Page("events", "eventlogitems?page=1&per_page=50");
        var first = (await operations.Get(List("time_of_failure", "desc", 1))).EnumerateArray().First();
        var id = first.GetProperty("id").GetString();
        await Page("a message with its stack trace", $"errors/{id}");
        await Page("a body", $"messages/{id}/body");
    }

    private static string List(string order, string direction, int page) =>
        $"errors?status=unresolved&sort={order}&direction={direction}&page={page}&per_page=50";

    public async Task Page(string what, string path)
    {
        for (var i = 0; i < WarmUp; i++)
            await operations.Time(path);
        List<TimeSpan> times = [];
        var start = Spent.Now(operations);
        for (var i = 0; i < arguments.Requests; i++)
            times.Add(await operations.Time(path));
        var end = Spent.Now(operations);
        table.Add(new Figure(
            what,
            arguments.Requests / end.SecondsSince(start),
            Cost: end.CostSince(start, arguments.Requests),
            Latencies: Latencies.Of(times),
            Memory: operations.Memory));
    }
}
