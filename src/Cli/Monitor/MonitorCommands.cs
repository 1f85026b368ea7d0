using System.CommandLine;
using System.Text.Json;
using Cli.Messages;
using Cli.Projections;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Cli.Monitor;

/// <summary><c>cqrs monitor lag|throughput|errors</c>.</summary>
internal static class MonitorCommands
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly JsonSerializerOptions Line = new(JsonSerializerDefaults.Web);

    private static readonly Option<bool> Once = new("--once")
    {
        Description = "Look once and end; exit code 1 where an alert of this table is raised.",
    };

    public static Command Create() => new("monitor", "Live tables of what the system does. Ctrl+C ends them.")
    {
        View(
            "lag", "How far each read model is behind the log.", ["lag", "consistency"],
            look => new { look.Figures.At, look.Figures.Projections, look.Figures.ProjectionsError },
            MonitorTables.Lag),
        View(
            "throughput", "Commands, appends, queries and events a second, and how long they take.", ["latency"],
            look => new
            {
                look.Figures.At, look.Figures.WindowSeconds, look.Figures.Commands, look.Figures.Appends,
                look.Figures.Queries, Projections = look.Figures.Projections.Select(
                    projection => new { projection.Name, projection.EventsPerSecond }),
            },
            MonitorTables.Throughput),
        View(
            "errors", "Refusals, failures, differences, failed messages, and servers that do not answer.",
            ["errors", "servers", "consistency"],
            look => new
            {
                look.Figures.At, look.Figures.Commands.RejectedPerSecond, look.Figures.Commands.RejectedShare,
                look.Figures.Errors, look.FailedMessages, look.Figures.Servers,
                Parked = look.Figures.Projections.Where(projection => projection.ParkedStreams > 0)
                    .Select(projection => new { projection.Name, projection.ParkedStreams }),
            },
            MonitorTables.Errors),
    };

    /// <param name="categories">Of the alerts that are shown with the table.</param>
    private static Command View(
        string name, string description, string[] categories, Func<Look, object> json, Func<Look, IRenderable> table)
    {
        var command = new Command(name, description) { Once, Output.Json, OperationsConnection.Address };
        command.SetAction((parsed, token) => OperationsConnection.Ask(parsed, (operations, cancellationToken) =>
        {
            async Task<Look> Take()
            {
                var look = await Look.Take(operations, cancellationToken);
                return look with { Alerts = [.. look.Alerts.Where(one => one.IsRaised && categories.Contains(one.Category))] };
            }

            return parsed.GetValue(Output.Json)
                ? Print(Take, json, parsed.GetValue(Once), cancellationToken)
                : Show(Take, table, parsed.GetValue(Once), cancellationToken);
        }, token));
        return command;
    }

    /// <summary>A JSON object at each look; on a line of its own where there are several.</summary>
    private static async Task<int> Print(
        Func<Task<Look>> take, Func<Look, object> json, bool once, CancellationToken cancellationToken)
    {
        while (true)
        {
            var look = await take();
            var answer = new { look.Alerts, Figures = json(look) };
            if (once)
            {
                Output.WriteJson(answer);
                return ExitCode(look);
            }

            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(answer, Line));
            await Task.Delay(Interval, cancellationToken);
        }
    }

    private static async Task<int> Show(
        Func<Task<Look>> take, Func<Look, IRenderable> table, bool once, CancellationToken cancellationToken)
    {
        var console = ProjectionTables.Out();
        var look = await take();
        if (once)
        {
            console.Write(MonitorTables.WithAlerts(table(look), look.Alerts));
            return ExitCode(look);
        }

        await console.Live(MonitorTables.WithAlerts(table(look), look.Alerts)).StartAsync(async live =>
        {
            while (true)
            {
                live.Refresh();
                await Task.Delay(Interval, cancellationToken);
                look = await take();
                live.UpdateTarget(MonitorTables.WithAlerts(table(look), look.Alerts));
            }
        });
        return ExitCodes.Interrupted;
    }

    private static int ExitCode(Look look) => look.Alerts.Count == 0 ? ExitCodes.Success : ExitCodes.Failed;
}
