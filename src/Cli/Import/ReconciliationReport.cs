using System.Globalization;
using Spectre.Console;

namespace Cli.Import;

/// <summary>Prints a <see cref="Reconciliation"/> for people.</summary>
internal static class ReconciliationReport
{
    public static void Write(IAnsiConsole console, Reconciliation result)
    {
        console.Write(Counts(result));
        console.Write(Revenue(result));
        console.MarkupLine(Analytics(result));
        if (result.Unfinished.Count > 0)
            console.MarkupLineInterpolated(
                $"[red]{result.Unfinished.Count} orders have no final state yet[/], invoices {string.Join(", ", result.Unfinished.Take(10))}: run the same command again to follow them.");
    }

    public static void WriteRefused(IAnsiConsole console, IEnumerable<RefusedLine> refused)
    {
        foreach (var line in refused)
            console.WriteLine($"line {line.Number}: {line.Reason}: {line.Text}");
    }

    private static Table Counts(Reconciliation result)
    {
        var table = new Table().AddColumn("").AddColumn(new TableColumn("count").RightAligned());
        table.AddRow("lines read", Number(result.LinesRead));
        AddReasons(table, "  refused: ", result.LinesRefused);
        table.AddRow("invoices with sales", Number(result.Invoices));
        table.AddRow("orders completed", Number(result.OrdersCompleted));
        AddReasons(table, "  rejected: ", result.OrdersRejected);
        AddReasons(table, "  canceled: ", result.OrdersCanceled);
        return table;
    }

    private static Table Revenue(Reconciliation result)
    {
        var table = new Table().AddColumn("country");
        foreach (var heading in new[] { "orders", "file", "read model", "difference" })
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (var row in result.Revenue)
            table.AddRow(
                Markup.Escape(row.Country), Number(row.Orders), Amount(row.Recorded), Amount(row.ReadModel),
                Amount(row.Difference));
        table.AddEmptyRow();
        table.AddRow(
            "all",
            Number(result.OrdersCompleted),
            Amount(result.Revenue.Sum(row => row.Recorded)),
            Amount(result.Revenue.Sum(row => row.ReadModel)),
            result.Difference == 0 ? "[green]0.00[/]" : $"[red]{Amount(result.Difference)}[/]");
        return table;
    }

    private static string Analytics(Reconciliation result) => result.Analytics switch
    {
        null => "Analytics hold other orders of this tenant too; their revenue was not compared.",
        0 => "Analytics by country: the same revenue, difference [green]0.00[/].",
        { } difference => $"Analytics by country: [red]difference {Amount(difference)}[/].",
    };

    private static void AddReasons(Table table, string prefix, IReadOnlyList<ReasonCount> reasons)
    {
        foreach (var reason in reasons)
            table.AddRow(Markup.Escape(prefix + reason.Reason), Number(reason.Count));
    }

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Amount(decimal value) => value.ToString("N2", CultureInfo.InvariantCulture);
}
