using System.Diagnostics;

namespace Cli.Tests.EventStore;

/// <summary>The command line as a user has it: a process of its own, with its output and its exit code.</summary>
internal static class Cqrs
{
    private static readonly string Program = typeof(ExitCodes).Assembly.Location;

    public static Task<Outcome> Run(string? connection, params string[] arguments) => RunWith("", connection, arguments);

    /// <param name="input">For standard input.</param>
    /// <param name="connection">As the app host sets it; null: not set.</param>
    public static async Task<Outcome> RunWith(string input, string? connection, params string[] arguments)
    {
        using var process = Start(connection, arguments);
        var cancel = TestContext.Current.CancellationToken;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancel);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended without reading: its error says why.
        }
        await process.WaitForExitAsync(cancel);
        return new Outcome(process.ExitCode, await output, await error);
    }

    public static Process Start(string? connection, params string[] arguments)
    {
        var host = Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet";
        // A shell that runs the tests in the background has them ignore Ctrl+C, and what they start would do the same.
        var start = new ProcessStartInfo(
            "env", ["--default-signal=INT", host, Program, "event-store", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ConnectionStrings__commerce"] = connection ?? "";
        return Process.Start(start)!;
    }
}

internal sealed record Outcome(int ExitCode, string Output, string Error)
{
    /// <summary>That it ended as it should, with one line of error that names what matters.</summary>
    public void IsRefused(int exitCode, params string[] words)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}: {Error}{Output}");
        Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        foreach (var word in words)
            Assert.Contains(word, Error, StringComparison.Ordinal);
    }

    /// <returns>Its output.</returns>
    public string IsDone()
    {
        Assert.True(ExitCode == ExitCodes.Success, $"exit code {ExitCode}: {Error}{Output}");
        return Output;
    }
}
