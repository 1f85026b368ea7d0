using EventStore.Bench;

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
if (arguments.Wants("append"))
    await new AppendRuns(ground, table, arguments).Measure();
if (arguments.Wants("latency"))
    await new LatencyRuns(ground, table, arguments).Measure();
if (arguments.Wants("read"))
    await new ReadRuns(ground, table, arguments).Read();
if (arguments.Wants("fold"))
    await new FoldRuns(ground, table, arguments).Measure();
if (arguments.Wants("subscribe"))
    await new SubscribeRuns(ground, table, arguments).Measure();
if (arguments.Wants("verify"))
    await new ReadRuns(ground, table, arguments).Verify();
if (arguments.Wants("conditional"))
    await new ConditionalRuns(ground, table, arguments).Measure();
table.Print();
return 0;
