using Operations.Bench;

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
if (arguments.Wants("raw"))
    await new RawLimits(ground, table, arguments.Messages).Measure();
await using var operations = await new IntakeRun(ground, table, arguments.Messages).Measure();
if (arguments.Wants("pages"))
    await new PageRuns(operations, table, arguments).Measure();
if (arguments.Wants("audit"))
    await new AuditRuns(ground, operations, table, arguments).Measure();
if (arguments.Wants("archive"))
    await new ArchiveRuns(operations, table, arguments.Messages).Measure();
if (arguments.Wants("retry"))
    await new RetryRun(ground, operations, table, arguments.Messages).Measure();
table.Print();
return 0;
