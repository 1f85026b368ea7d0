using EventStore;
using EventStore.Bench;
using Npgsql;

// dotnet run -c Release --project bench/EventStore.Bench -- "Host=…;Database=…" [seconds per append run] [part …]
// Parts: append latency read load; all of them without any.
// The database should be one of its own: the program creates the store's schema there and fills it.
if (args.Length == 0)
{
    Console.Error.WriteLine("Usage: EventStore.Bench CONNECTION-STRING [SECONDS] [append] [latency] [read] [load]");
    return 2;
}
var length = TimeSpan.FromSeconds(args.Length > 1 ? double.Parse(args[1]) : 5);
await using var dataSource = NpgsqlDataSource.Create(args[0]);
await using var store = new PostgresEventStore(dataSource, Sample.Types);
await store.Migrate();
var raw = new RawLimits(dataSource);
var runs = new StoreRuns(store);
bool Wants(string part) => args.Length < 3 || args[2..].Contains(part);

if (Wants("append"))
{
    await raw.CreateTable();
    await raw.Insert(2, 64, 20);
    const int Clients = 2, Batches = 800, Batch = 64;
    var insert = Figures.Rate(
        $"raw insert, {Clients} clients, {Batch} rows each",
        Clients * Batches * Batch,
        await Figures.Time(() => raw.Insert(Clients, Batch, Batches)));
    Figures.Rate("raw insert, 1 client, 1 row each", 1000, await Figures.Time(() => raw.Insert(1, 1, 1000)));
    Figures.Rate("raw insert, 16 clients, 1 row each", 16 * 1000, await Figures.Time(() => raw.Insert(16, 1, 1000)));
    Figures.Rate("raw COPY in", 200_000, await Figures.Time(() => raw.CopyIn(200_000)));
    await raw.DropTable();

    await runs.Append(16, 1, TimeSpan.FromSeconds(1));
    foreach (var events in new[] { 1, 10 })
    {
        foreach (var callers in new[] { 1, 16, 64 })
        {
            var rate = await runs.Append(callers, events, length);
            Console.WriteLine($"{"",-52} {rate / insert,12:P0} of the raw insert");
        }
    }
}
if (Wants("latency"))
{
    await runs.PacedLatency(200, length);
    await runs.SubscribeLatency(200);
}
if (Wants("read"))
{
    while (await raw.Count() < 200_000)
        await runs.Append(64, 10, TimeSpan.FromSeconds(2));
    var rows = await raw.Count();
    var copied = Figures.Rate("raw COPY out", rows, await Figures.Time(raw.CopyOut));
    var read = await runs.ReadForward();
    Console.WriteLine($"{"",-52} {read / copied,12:P0} of COPY out");
}
if (Wants("load"))
{
    await runs.Load(10, null, 2000);
    await runs.Load(1000, null, 200);
    await runs.Load(1000, 100, 2000);
}
return 0;
