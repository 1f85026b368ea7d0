using System.Diagnostics;

namespace Operations.Tests;

/// <summary>The operator's command line, as a process of its own.</summary>
internal static class Cqrs
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<(int ExitCode, string Output, string Errors)> Run(params string[] arguments) =>
        Run(arguments, new Dictionary<string, string>());

    public static async Task<(int ExitCode, string Output, string Errors)> Run(
        string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "cqrs.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, await output, await errors);
    }
}
