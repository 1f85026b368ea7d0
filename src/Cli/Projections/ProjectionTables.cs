using System.Globalization;
using ProjectionControl;
using Spectre.Console;

namespace Cli.Projections;

/// <summary>Projections as an operator reads them.</summary>
internal static class ProjectionTables
{
    /// <summary>Standard output. In a pipe there is no window to fit into.</summary>
    public static IAnsiConsole Out()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings());
        if (Console.IsOutputRedirected)
            console.Profile.Width = 200;
        return console;
    }

    public static void WriteList(IAnsiConsole console, IReadOnlyList<ProjectionState> states)
    {
        var table = NewTable("projection", "version", "store", "state", "position", "lag", "stale", "parked", "instances");
        foreach (var state in states)
        {
            var live = state.Live;
            table.AddRow(
                state.Name,
                Text(live?.Version),
                live?.Store ?? state.Building?.Store ?? "",
                Words(state),
                Text(live?.Position),
                Text(live?.Lag),
                Text(live?.Staleness),
                Text(state.Parked.Count),
                Text(state.Instances.Count));
        }

        console.Write(table);
    }

    public static void WriteStatus(IAnsiConsole console, ProjectionState state)
    {
        console.MarkupLineInterpolated($"[bold]{state.Name}[/]: {Words(state)}");
        var table = NewTable("build", "version", "state", "storage", "position", "head", "read", "left", "filled by");
        foreach (var build in state.Builds)
        {
            table.AddRow(
                Text(build.Number),
                Text(build.Version),
                build.State,
                $"{build.Store} {build.Storage}".EscapeMarkup(),
                Text(build.Position),
                Text(build.Head),
                build.State == "building" ? build.Progress.ToString("P0", CultureInfo.InvariantCulture) : "",
                build.State == "building" ? Text(build.TimeLeft) : "",
                build.Writer ?? "");
        }

        console.Write(table);
        foreach (var build in state.Builds.Where(build => build.Error is not null))
            console.MarkupLineInterpolated($"[red]build {build.Number}: {build.Error}[/]");
        foreach (var instance in state.Instances)
        {
            console.MarkupLineInterpolated(
                $"instance {instance.Name}, version {instance.Version}: {(instance.Fills ? "fills it" : "stands by")}");
        }

        if (state.Instances.Count == 0)
            console.MarkupLine("[yellow]no instance that fills it is running[/]");
        if (state.Parked.Count + state.Skipped.Count > 0)
            WriteParked(console, state);
    }

    public static void WriteParked(IAnsiConsole console, ProjectionState state)
    {
        var table = NewTable("parked stream", "from version", "position", "event", "since", "error");
        foreach (var parked in state.Parked)
        {
            table.AddRow(
                parked.Stream.EscapeMarkup(), Text(parked.Version), Text(parked.Position),
                parked.EventType.EscapeMarkup(), Text(parked.ParkedAt), FirstLine(parked.Error).EscapeMarkup());
        }

        console.Write(table);
        foreach (var skipped in state.Skipped)
        {
            console.MarkupLineInterpolated(
                $"left out by {skipped.SkippedBy} on {Text(skipped.SkippedAt)}: {skipped.EventType}, {skipped.Stream} version {skipped.Version}");
        }
    }

    private static string Words(ProjectionState state)
    {
        if (state.Paused)
            return "paused";
        if (state.Live is { Error: not null })
            return "stands still: an error";
        if (state.Building is { } building)
            return state.Live is null ? $"being built: {building.Progress:P0}" : $"live; being rebuilt: {building.Progress:P0}";
        return state.Live is null ? "nothing yet" : "live";
    }

    private static Table NewTable(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Minimal);
        foreach (var column in columns)
            table.AddColumn(column);
        return table;
    }

    private static string FirstLine(string text) => text.Split('\n')[0].TrimEnd();

    private static string Text(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? "";

    private static string Text(TimeSpan? time) => time is { } known
        ? known < TimeSpan.FromMinutes(2)
            ? $"{known.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s"
            : known.ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture)
        : "";

    private static string Text(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
