using System.Diagnostics;
using System.Globalization;
using ProjectionControl;
using Projections.Bench;
using Projections.Catalog;
using Projections.Engine;
using Projections.Inventory;
using Projections.Ordering;
using Projections.Sales;

if (Arguments.Parse(args) is not { } arguments)
{
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

if (arguments.Help)
{
    Console.WriteLine(Arguments.Usage);
    return 0;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
await using var ground = await Ground.Start(arguments.Wants("product-search"));
var stores = ground.Stores;
List<IReadModel> models =
[
    stores.Postgres(new OrderDetails()), stores.Postgres(new CustomerOrders()), stores.Postgres(new Revenue()),
    stores.Redis(new StockLevels()), stores.Redis(new Bestsellers()), stores.Search(new ProductSearch()),
];
models.RemoveAll(model => !arguments.Wants(model.Name));
var operations = new ProjectionOperations(ground.ReadModels);

// Live builds of an empty log: what comes then is caught up with, not built.
foreach (var model in models)
{
    await using var instance = await Instance.Start(model, ground.Log, ground.ReadModels);
    await Ground.Until(async () => (await Find(model))?.Live is not null);
}

// Its threads would take the processors from the others' figures.
if (ground.Elasticsearch is { } idle)
    await idle.Stop(default);

var writing = Stopwatch.StartNew();
var events = await Past.Write(ground.Log, arguments.Events);
await ground.Settle();
var end = await ground.Log.ReadHead();
Console.Error.WriteLine($"{events:N0} events written in {writing.Elapsed.TotalSeconds:0} s");

Console.WriteLine(
    "| model | store | events taken | catch-up, events/s | CPU each | rebuild, events/s | CPU each "
    + "| of the log, positions/s | rows/s of the rebuild | raw limit | share | of COPY out and in | by hand, rows/s |");
Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|---:|---|---:|---:|---:|");
var pipeline = await Limits.RedisPipeline(ground.Redis.GetDatabase());
foreach (var model in models)
{
    if (model.Store == "elasticsearch")
        await ground.Elasticsearch!.Start(default);
    var taken = await ground.Taken(model);
    var clock = Clock.Start();
    await using var instance = await Instance.Start(model, ground.Log, ground.ReadModels);
    await ground.Reach(model, build: 1, end);
    var caughtUp = clock.Stop();

    (Lap Time, Comparison Beside)? best = null;
    for (var round = 0; round < arguments.Rounds; round++)
    {
        await ground.Rest();
        var request = await operations.Rebuild(model.Name, null, "bench", default);
        clock = Clock.Start();
        _ = await operations.Answer(request, TimeSpan.FromMinutes(1), default)
            ?? throw new TimeoutException("Nobody took the rebuild up.");
        var build = round + 2;
        await ground.Reach(model, build, position: 0);
        var rebuilt = clock.Stop();
        await ground.Rest();
        var beside = await Beside(model, build, taken, rebuilt.Elapsed);
        Console.Error.WriteLine(
            $"{model.Name}, round {round + 1}: {rebuilt.Elapsed.TotalSeconds:0.00} s, {beside.Limit}, {beside.Share}");
        if (best is null || rebuilt.Elapsed < best.Value.Time.Elapsed)
            best = (rebuilt, beside);
    }

    var (fastest, of) = best!.Value;
    Console.WriteLine(
        $"| {model.Name} | {model.Store} | {taken:N0} | {caughtUp.Rate(taken)} | {fastest.Rate(taken)} "
        + $"| {end / fastest.Elapsed.TotalSeconds:N0} | {of.Rows} | {of.Limit} | {of.Share} | {of.Floor} | {of.ByHand} |");
}

Console.WriteLine();
Console.WriteLine(
    "Of COPY out and in: the time of a COPY of the same events out of the log and then of the rows into the table, as "
    + "part of the rebuild's. Even with no work in between a rebuild has to do both.");
Console.WriteLine(
    "By hand: code for this one model and nothing else, without an engine's guarantees and with sealed members closed.");
Console.WriteLine("CPU: user and system time of the projection's process, per event; the servers' is not in it.");
return 0;

async Task<Comparison> Beside(
    IReadModel model, int build, long taken, TimeSpan rebuilt)
{
    switch (model.Store)
    {
        case "postgres":
            var table = $"{model.StorageOf(build)}.{model.Name switch
            {
                "order-details" => "orders",
                "customer-orders" => "customer_orders",
                "revenue" => "revenue",
                _ => "product_search",
            }}";
            var (rows, time) = await Limits.Copy(ground.ReadModels, table);
            var reading = await ground.CopyOut(model);
            var byHand = model.Name == "order-details" ? await ground.OrderDetailsByHand(model, table) : (TimeSpan?)null;
            return new($"{rows / rebuilt.TotalSeconds:N0}", $"COPY {rows / time.TotalSeconds:N0} rows/s",
                $"{time / rebuilt:0.00}", $"{(reading + time) / rebuilt:0.00}",
                byHand is { } hand ? $"{rows / hand.TotalSeconds:N0}" : "");
        case "redis":
            return new("", $"pipeline {pipeline:N0} HSET/s", $"{taken / rebuilt.TotalSeconds / pipeline:0.00}", "", "");
        default:
            var bulk = await Limits.Bulk(ground.Elasticsearch!.ConnectionString);
            return new("", $"bulk API {bulk:N0} documents/s", $"{taken / rebuilt.TotalSeconds / bulk:0.00}", "", "");
    }
}

async Task<ProjectionState?> Find(IReadModel model)
{
    try
    {
        return await operations.Find(model.Name, default);
    }
    catch (ProjectionsMissingException)
    {
        return null; // The first instance has not made the tables yet.
    }
}

/// <summary>A rebuild beside what its store takes by itself.</summary>
/// <param name="Floor">Beside the COPY out of the log and into the table, one after the other.</param>
/// <param name="ByHand">Rows a second of the same, written by hand.</param>
internal sealed record Comparison(string Rows, string Limit, string Share, string Floor, string ByHand);
