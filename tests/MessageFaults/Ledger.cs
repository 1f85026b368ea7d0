using System.Text;
using System.Text.Json;
using Npgsql;
using RabbitMQ.Client;

namespace MessageFaults;

/// <summary>Compares what was sent with what became of it.</summary>
internal sealed class Ledger(Workload work)
{
    private const int Shown = 10;

    private readonly Dictionary<int, long> effects = [];
    private readonly Dictionary<int, long> events = [];
    private readonly Dictionary<int, HashSet<string>> published = [];

    /// <summary>How many messages had an effect, and how many records of the outbox wait for their dispatch.</summary>
    public async Task<(long Handled, long Pending)> Progress(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(work.Database);
            await connection.OpenAsync(cancellationToken);
            await using var ask = new NpgsqlCommand(
                """
                select (select count(distinct number) from effects),
                    (select count(*) from worker."OutboxData" where not "Dispatched")
                """, connection);
            await using var row = await ask.ExecuteReaderAsync(cancellationToken);
            await row.ReadAsync(cancellationToken);
            return (row.GetInt64(0), row.GetInt64(1));
        }
        catch (NpgsqlException)
        {
            // The server is away, as some tests will have it: nothing is known at the moment.
            NpgsqlConnection.ClearAllPools();
            return (-1, -1);
        }
    }

    /// <summary>Messages in a queue, without those that a consumer has in hand; -1 when the broker is away.</summary>
    public async Task<long> Waiting(string queue, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await Connect(cancellationToken);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            return (await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).MessageCount;
        }
        catch (Exception e) when (e is RabbitMQ.Client.Exceptions.RabbitMQClientException or IOException)
        {
            return -1;
        }
    }

    public async Task<string> Report(CancellationToken cancellationToken) =>
        "No progress for five minutes. "
        + string.Join(Environment.NewLine, await BrokenRules(cancellationToken));

    public async Task<IReadOnlyList<string>> BrokenRules(CancellationToken cancellationToken)
    {
        var broken = new List<string>();
        // Connections that an outage has broken would fail here, where nothing is wrong any more.
        NpgsqlConnection.ClearAllPools();
        work.Log.Clear();
        await CountRows(cancellationToken);
        await foreach (var recorded in work.Store.ReadLog(0, cancellationToken: cancellationToken))
        {
            var done = (WorkDone)recorded.Data;
            events[done.Number] = events.GetValueOrDefault(done.Number) + 1;
        }

        await Drain(cancellationToken);

        Add(broken, "had no effect (lost)", n => effects.GetValueOrDefault(n) == 0);
        Add(broken, "had its row written more than once", n => effects.GetValueOrDefault(n) > 1);
        Add(broken, "appended no event although its row is there",
            n => effects.ContainsKey(n) && events.GetValueOrDefault(n) == 0);
        Add(broken, "appended its event more than once", n => events.GetValueOrDefault(n) > 1);
        Add(broken, "has an event but no row", n => events.ContainsKey(n) && !effects.ContainsKey(n));
        Add(broken, "never published what it sent (lost on the way out)",
            n => effects.ContainsKey(n) && !published.ContainsKey(n));
        Add(broken, "published under several message ids", n => published.TryGetValue(n, out var ids) && ids.Count > 1);
        Add(broken, "published without an effect", n => published.ContainsKey(n) && !effects.ContainsKey(n));

        if (await Waiting(WorkerProcess.Endpoint, cancellationToken) is var left and not 0)
            broken.Add($"{left} messages are left in the worker's queue.");
        if (await ErrorQueue(cancellationToken) is { } failed)
            broken.Add(failed);
        if (await Progress(cancellationToken) is { Pending: not 0 and var pending })
            broken.Add($"{pending} records of the outbox are not dispatched.");
        return broken;
    }

    private void Add(List<string> broken, string rule, Func<int, bool> breaks)
    {
        int[] numbers = [.. Enumerable.Range(0, work.Messages).Where(breaks)];
        if (numbers.Length == 0)
            return;
        broken.Add(
            $"{numbers.Length} messages: {rule}: "
            + string.Join(", ", numbers.Take(Shown).Select(n =>
                $"'{Workload.IdOf(n)}' ({effects.GetValueOrDefault(n)} rows, {events.GetValueOrDefault(n)} events, "
                + $"published as [{string.Join(' ', published.GetValueOrDefault(n) ?? [])}])"))
            + (numbers.Length > Shown ? ", …" : ""));
    }

    private async Task Drain(CancellationToken cancellationToken)
    {
        await using var connection = await Connect(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        while (await channel.BasicGetAsync(Workload.Observer, autoAck: false, cancellationToken) is { } message)
        {
            var done = JsonSerializer.Deserialize<WorkDone>(message.Body.Span)!;
            if (!published.TryGetValue(done.Number, out var ids))
                published.Add(done.Number, ids = []);
            ids.Add(message.BasicProperties.MessageId ?? "");
        }
    }

    private async Task<string?> ErrorQueue(CancellationToken cancellationToken)
    {
        await using var connection = await Connect(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        if (await channel.BasicGetAsync("error", autoAck: false, cancellationToken) is not { } first)
            return null;
        string Header(string name) => first.BasicProperties.Headers is { } headers
            && headers.TryGetValue(name, out var value) && value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : "?";
        return $"{first.MessageCount + 1} messages are in the error queue, the first is "
            + $"'{first.BasicProperties.MessageId}': {Header("NServiceBus.ExceptionInfo.Message")}\n"
            + Header("NServiceBus.ExceptionInfo.StackTrace");
    }

    private async Task CountRows(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(work.Database);
        await connection.OpenAsync(cancellationToken);
        await using var ask = new NpgsqlCommand("select number, count(*) from effects group by number", connection);
        await using var rows = await ask.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            effects[rows.GetInt32(0)] = rows.GetInt64(1);
    }

    private Task<IConnection> Connect(CancellationToken cancellationToken) =>
        new ConnectionFactory { Uri = new Uri(work.Broker) }.CreateConnectionAsync(cancellationToken);
}
