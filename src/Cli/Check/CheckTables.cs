using System.Globalization;
using ProjectionControl;
using Spectre.Console;

namespace Cli.Check;

/// <summary>Checks as an operator reads them.</summary>
internal static class CheckTables
{
    private const int LongestValue = 60;

    public static void Write(IAnsiConsole console, IReadOnlyList<CheckOutcome> outcomes)
    {
        var table = new Table { Border = TableBorder.None };
        table.AddColumns("projection", "checked", "differ", "unclear", "position", "");
        foreach (var (projection, report, trouble, _) in outcomes)
        {
            table.AddRow(
                projection.EscapeMarkup(),
                Number(report?.Checked),
                report?.Differences.Count > 0 ? $"[red]{Number(report.Differences.Count)}[/]" : Number(report?.Differences.Count),
                Number(report?.Unclear),
                Number(report?.Position),
                (trouble ?? (report is { Repaired: true, Differences.Count: > 0 } ? "repaired" : "")).EscapeMarkup());
        }

        console.Write(table);
        foreach (var report in outcomes.Select(outcome => outcome.Report).OfType<CheckReport>())
            WriteDifferences(console, report);
    }

    private static void WriteDifferences(IAnsiConsole console, CheckReport report)
    {
        foreach (var (entity, values) in report.Differences)
        {
            console.MarkupLineInterpolated($"[bold]{report.Projection} {entity}[/]");
            foreach (var (name, model, log) in values)
                console.MarkupLineInterpolated($"  {name}: model {Short(model)}, log {Short(log)}");
        }
    }

    private static string Short(string? value) => value switch
    {
        null => "nothing",
        { Length: > LongestValue } => value[..LongestValue] + "…",
        _ => value,
    };

    private static string Number(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
