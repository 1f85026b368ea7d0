using System.CommandLine;
using System.Globalization;
using EventStore;
using Spectre.Console;

namespace Cli.EventStore;

/// <summary><c>cqrs event-store stats</c>: what the log holds.</summary>
internal static class StatsCommand
{
    private static readonly Option<int> Top = new("--top")
    {
        Description = "How many of the longest streams to name.",
        DefaultValueFactory = _ => 10,
    };

    public static Command Create()
    {
        var command = new Command("stats", "Counts the log by type and kind of stream, and sizes the tables.")
        {
            Top, Output.Json,
        };
        command.WithConnection().Explained(
            """
            Counts the log by type and kind of stream, names the longest streams and sizes the tables. Reads the log
            once, so a big one takes a while.

            Examples:
              cqrs event-store stats
              cqrs event-store stats --top 50 --json | jq '.longestStreams'
            """);
        command.SetGuardedAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(Top) is < 0 or > 10_000)
                throw new InvalidDataException($"--top takes a number from 0 to 10000, was {parsed.GetValue(Top)}.");
            await using var store = OpenStore.From(parsed);
            var figures = await new LogInspection(store.DataSource, store.Events, store.Types)
                .Measure(parsed.GetValue(Top), cancellationToken);
            if (parsed.GetValue(Output.Json))
                Output.WriteJson(figures);
            else
                Write(Wide(), figures);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Write(IAnsiConsole console, LogStatistics figures)
    {
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{figures.Events:N0} events in {figures.Streams:N0} streams, positions {figures.FirstPosition} to "
            + $"{figures.LastPosition}; {figures.Keys:N0} unique keys, {figures.Snapshots:N0} snapshots; database "
            + $"{Size(figures.DatabaseBytes)}."));

        if (figures.Archives.Count > 0)
        {
            var archives = Table("archived partition", "events", "positions", "directory", "archived");
            foreach (var archive in figures.Archives)
            {
                archives.AddRow(
                    Count(archive.From), Count(archive.Events), $"{archive.FirstEvent} to {archive.LastEvent}",
                    archive.Directory.EscapeMarkup(), Time(archive.ArchivedAt));
            }
            console.Write(archives);
        }

        var types = Table("type", "version", "events", "data", "largest", "oldest", "newest");
        foreach (var type in figures.Types)
        {
            types.AddRow(
                type.Type.EscapeMarkup(), Count(type.SchemaVersion), Count(type.Events), Size(type.Bytes),
                Size(type.LargestBytes), Time(type.Oldest), Time(type.Newest));
        }
        console.Write(types);

        var kinds = Table("kind of stream", "streams", "events", "longest");
        foreach (var kind in figures.Kinds)
            kinds.AddRow(kind.Kind.EscapeMarkup(), Count(kind.Streams), Count(kind.Events), Count(kind.Longest));
        console.Write(kinds);

        var streams = Table("longest streams", "events");
        foreach (var stream in figures.LongestStreams)
            streams.AddRow(stream.Stream.EscapeMarkup(), Count(stream.Events));
        console.Write(streams);

        var tables = Table("table", "partition", "rows (about)", "data", "indexes");
        foreach (var table in figures.Tables)
        {
            tables.AddRow(
                table.Table, (table.Partition ?? "").EscapeMarkup(), table.Rows < 0 ? "?" : Count(table.Rows),
                Size(table.Bytes), Size(table.IndexBytes));
        }
        console.Write(tables);
    }

    /// <summary>In a pipe there is no window to fit into.</summary>
    private static IAnsiConsole Wide()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings());
        if (Console.IsOutputRedirected)
            console.Profile.Width = 200;
        return console;
    }

    private static Table Table(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var (index, column) in columns.Index())
            table.AddColumn(new TableColumn(column) { Alignment = index == 0 ? Justify.Left : Justify.Right });
        return table;
    }

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Size(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 1000 && unit < units.Length - 1; unit++)
            value /= 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {units[unit]}");
    }
}
