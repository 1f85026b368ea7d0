using Queries.Bench;

if (args is ["drive", ..])
    return await Driver.Run(args[1..]);
if (Settings.Parse(args) is not { } settings)
{
    Console.WriteLine(Settings.Help);
    return args.Contains("--help") ? 0 : 2;
}

using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stopping.Cancel();
};
var table = new Table();
if (settings.Wants("command"))
{
    await using var path = await CommandSystem.Start(stopping.Token);
    await new CommandRuns(path, settings, table).Run(stopping.Token);
}

if (settings.Parts is ["command"])
    return table.Print();
await using var system = await BenchSystem.Start(settings, stopping.Token);
if (settings.Wants("cached"))
    await new CachedRuns(system, settings, table).Run(stopping.Token);
if (settings.Wants("uncached"))
    await new UncachedRuns(system, settings, table).Run(stopping.Token);
if (settings.Wants("visible"))
    await new VisibleRuns(system, settings, table).Run(stopping.Token);
return table.Print();
