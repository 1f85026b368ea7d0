using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Cli.Monitor;

/// <summary>Figures for people to read.</summary>
internal static class MonitorTables
{
    public static IRenderable Lag(Look look)
    {
        var table = NewTable("projection", "store", "state", "behind", "events", "events/s", "failures/min", "parked", "instances", "");
        foreach (var one in look.Figures.Projections)
        {
            table.AddRow(
                Cell(one.Name), Cell(one.Store), Cell(one.State), Cell(one.LagSeconds, "0.0 s"), Cell(one.LagEvents),
                Cell(one.EventsPerSecond, "0.#"), Cell(one.FailuresPerMinute), Cell(one.ParkedStreams),
                Cell(one.Instances),
                Cell(one.Progress is { } done ? $"rebuild {done.ToString("P0", CultureInfo.InvariantCulture)}" : one.Error));
        }

        return look.Figures.ProjectionsError is { } error
            ? new Rows(table, new Markup($"[red]{error.EscapeMarkup()}[/]"))
            : table;
    }

    public static IRenderable Throughput(Look look)
    {
        var (commands, appends, queries) = (look.Figures.Commands, look.Figures.Appends, look.Figures.Queries);
        var table = NewTable("", "a second", "p50", "p95", "p99", "");
        Add("commands", commands.PerSecond, commands.ProcessingTimeMs, Share(commands.RejectedShare, "refused"));
        Add("appends", appends.PerSecond, appends.TimeMs, "");
        Add("queries", queries.PerSecond, queries.ResponseTimeMs, Share(queries.CacheHitRate, "from caches"));
        foreach (var one in look.Figures.Projections)
            table.AddRow(Cell($"events into {one.Name}"), Cell(one.EventsPerSecond, "0.#"), Cell(""), Cell(""), Cell(""), Cell(""));
        return table;

        void Add(string name, double perSecond, Times times, string remark) => table.AddRow(
            Cell(name), Cell(perSecond, "0.#"), Cell(times.P50, "0.## ms"), Cell(times.P95, "0.## ms"),
            Cell(times.P99, "0.## ms"), Cell(remark));
    }

    public static IRenderable Errors(Look look)
    {
        var figures = look.Figures;
        var table = NewTable("", "");
        table.AddRow(Cell("commands refused a second"), Cell(figures.Commands.RejectedPerSecond, "0.#"));
        table.AddRow(Cell("share of commands refused"), Cell(Share(figures.Commands.RejectedShare, "")));
        table.AddRow(Cell("events that failed, last minute"), Cell(figures.Errors.EventProcessingFailuresPerMinute));
        table.AddRow(Cell("entities compared, last minute"), Cell(figures.Errors.ConsistencyChecksPerMinute));
        table.AddRow(Cell("of which differed"), Cell(figures.Errors.ConsistencyCheckFailuresPerMinute));
        table.AddRow(Cell("streams parked"), Cell(figures.Projections.Sum(one => (long)one.ParkedStreams)));
        table.AddRow(Cell("failed messages"), Cell(look.FailedMessages));
        foreach (var server in figures.Servers)
        {
            table.AddRow(
                Cell(server.Name),
                Cell(server.Up ? "answers" : $"silent for {server.SilentSeconds.ToString("0", CultureInfo.InvariantCulture)} s: {server.Error}"));
        }

        return table;
    }

    /// <summary>What is wrong comes first.</summary>
    public static IRenderable WithAlerts(IRenderable table, IReadOnlyList<AlertFigures> alerts) => new Rows(
    [
        .. alerts.Select(alert => new Markup($"[red]{Words(alert).EscapeMarkup()}[/]")), table,
    ]);

    private static string Words(AlertFigures alert)
    {
        var value = alert.Value?.ToString("0.##", CultureInfo.InvariantCulture) ?? "?";
        var limit = alert.Limit.ToString("0.##", CultureInfo.InvariantCulture);
        var side = alert.Comparison == "at_least" ? "at least" : "at most";
        return $"{alert.Id}: {alert.Title}: {value} {alert.Unit}, should be {side} {limit} {alert.Unit}"
            + (alert.Detail is { } detail ? $" ({detail})" : "");
    }

    private static string Share(double? share, string words) =>
        share is { } known ? $"{known.ToString("P1", CultureInfo.InvariantCulture)} {words}".TrimEnd() : "";

    private static Table NewTable(params string[] columns) => new Table { Border = TableBorder.None }.AddColumns(columns);

    private static Text Cell(string? text) => new((text ?? "").ReplaceLineEndings(" "));

    private static Text Cell(long value) => new(value.ToString(CultureInfo.InvariantCulture));

    private static Text Cell(double? value, string format) => Cell(value?.ToString(format, CultureInfo.InvariantCulture));
}
