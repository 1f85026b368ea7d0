using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace Cli;

/// <summary>Results go to standard output, progress and errors to standard error.</summary>
internal static class Output
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The option of every command that has a result.</summary>
    public static Option<bool> Json { get; } = new("--json") { Description = "Print the result as JSON." };

    public static IAnsiConsole Error { get; } =
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    public static void WriteJson<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, Format));

    /// <summary>What was done, in words or as <c>{"outcome": …}</c>.</summary>
    public static int Say(ParseResult parsed, string words)
    {
        if (parsed.GetValue(Json))
            WriteJson(new { outcome = words });
        else
            Console.Out.WriteLine(words);
        return ExitCodes.Success;
    }
}
