using Messaging.Bench;

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

await using var ground = await Ground.Create();
var table = new FigureTable();
var raw = new RawLimits(ground, table, arguments.Length);
if (arguments.Wants("raw"))
{
    await raw.Measure();
}

if (arguments.Wants("handle"))
{
    await new HandleRuns(ground, table, arguments).Measure();
    await new ByHand(ground, table, arguments).Measure();
}

if (arguments.Wants("saga"))
{
    await new SagaRuns(ground, table, arguments).Measure();
}

if (arguments.Wants("publish"))
{
    await new PublishRuns(ground, table, arguments).Measure();
}

if (arguments.Wants("latency"))
{
    await new LatencyRun(ground, table, arguments).Measure();
}

if (arguments.Wants("idle"))
{
    await new IdleRun(ground, table, arguments).Measure();
}

table.Print();
return 0;
