using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using EventStore;
using Spectre.Console;

namespace Cli.EventStore;

/// <summary><c>cqrs event-store verify</c>: is the log sound?</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var command = new Command("verify", "Checks the whole log: order, versions, readability, and the tables that go with it.")
        {
            Output.Json,
        };
        command.WithConnection().Explained(
            """
            Reads the whole log and checks it: positions rise, versions of streams have no holes, every event can be
            read in its current shape, the table of streams agrees with the events, unique keys have owners that exist,
            no snapshot is ahead of its stream. Event types that this program does not know are counted; they are no
            error. Appends may go on meanwhile.

            Exit code 1 where something is wrong.

            Examples:
              cqrs event-store verify
              cqrs event-store verify --json | jq .findings
            """);
        command.SetGuardedAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var store = OpenStore.From(parsed);
        var inspection = new LogInspection(store.DataSource, store.Events, store.Types);
        var watch = Stopwatch.StartNew();
        var result = Console.IsErrorRedirected
            ? await inspection.Verify(progress: null, cancellationToken)
            : await Watched(inspection, watch, cancellationToken);
        watch.Stop();
        var perSecond = Math.Round(result.Events / watch.Elapsed.TotalSeconds);
        if (parsed.GetValue(Output.Json))
        {
            Output.WriteJson(new
            {
                result.IsSound,
                result.Events,
                result.Head,
                Seconds = Math.Round(watch.Elapsed.TotalSeconds, 1),
                EventsPerSecond = perSecond,
                result.Upcast,
                result.Unreadable,
                result.UnknownTypes,
                result.Findings,
                result.Archives,
            });
        }
        else
        {
            Write(result, watch.Elapsed, perSecond);
        }
        return result.IsSound ? ExitCodes.Success : ExitCodes.Failed;
    }

    /// <summary>With a bar that shows how far it is.</summary>
    private static Task<LogVerification> Watched(
        LogInspection inspection, Stopwatch watch, CancellationToken cancellationToken) =>
        Output.Error.Progress()
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask("reading");
                return await inspection.Verify(
                    progress =>
                    {
                        bar.MaxValue = progress.Head;
                        bar.Value = progress.Position;
                        bar.Description = string.Create(
                            CultureInfo.InvariantCulture,
                            $"{progress.Events:N0} events, {progress.Events / watch.Elapsed.TotalSeconds:N0}/s");
                    },
                    cancellationToken);
            });

    private static void Write(LogVerification result, TimeSpan elapsed, double perSecond)
    {
        var culture = CultureInfo.InvariantCulture;
        Console.Out.WriteLine(string.Create(
            culture,
            $"{result.Events:N0} events up to position {result.Head} in {elapsed.TotalSeconds:N1} s ({perSecond:N0}/s), "
            + $"{result.Upcast:N0} of them in an older shape."));
        foreach (var (type, count) in result.UnknownTypes.OrderByDescending(pair => pair.Value))
            Console.Out.WriteLine(string.Create(culture, $"unknown type {type}: {count:N0} events, readable as raw JSON"));
        if (result.Archives is [.., var last])
        {
            Console.Out.WriteLine(string.Create(
                culture,
                $"{result.Archives.Sum(each => each.Events):N0} events up to position {last.LastEvent} are archived and were not "
                + $"read, the last of them in {last.Directory}."));
        }
        foreach (var finding in result.Findings)
            Console.Out.WriteLine($"{finding.Kind}: {finding.Subject}: {finding.Detail}");
        Console.Out.WriteLine(result.IsSound ? "The log is sound." : "The log is NOT sound: see above.");
    }
}
