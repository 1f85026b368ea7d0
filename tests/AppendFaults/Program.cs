using System.Globalization;
using AppendFaults;
using EventStore;
using Npgsql;

// Appends the numbers that it reads from standard input, many at once, and writes each when it is acknowledged.
await using var dataSource = NpgsqlDataSource.Create(
    Environment.GetEnvironmentVariable("ConnectionStrings__commerce")
    ?? throw new InvalidOperationException("ConnectionStrings__commerce is missing: the database to append to."));
await using var store = new PostgresEventStore(dataSource, NumberedAppends.Types);
var (appends, writing) = (new List<Task>(), new SemaphoreSlim(1));
while (await Console.In.ReadLineAsync() is { } line)
    appends.Add(Append(int.Parse(line, CultureInfo.InvariantCulture)));
await Task.WhenAll(appends);

async Task Append(int number)
{
    string answer;
    try
    {
        var result = await store.Append(NumberedAppends.Request(number));
        answer = result is Appended ? $"{number}" : $"! {number}: {result}";
    }
    catch (Exception e)
    {
        answer = $"! {number}: {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}";
    }
    await writing.WaitAsync();
    await Console.Out.WriteLineAsync(answer);
    await Console.Out.FlushAsync();
    writing.Release();
}
