using System.Diagnostics;

namespace Portable.Hosting.Processes;

/// <summary>Runs a short program to its end.</summary>
internal static class Command
{
    /// <param name="program">Name or path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="user">Account to run as, which needs root; null for the own one.</param>
    /// <param name="environment">Variables set on top of the own ones.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <returns>Exit code, and what it wrote to output and errors.</returns>
    public static async Task<(int ExitCode, string Output)> Run(
        string program,
        IEnumerable<string> arguments,
        string? user,
        IReadOnlyDictionary<string, string>? environment,
        CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(user is null ? program : "setpriv")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        string[] account = user is null ? [] : ["--reuid", user, "--regid", user, "--init-groups", program];
        foreach (var argument in account.Concat(arguments)) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = Process.Start(start)
            ?? throw new DistributedApplicationException($"Can't start {program}.");
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, $"{await output}{await errors}".Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <inheritdoc cref="Run(string, IEnumerable{string}, string?, IReadOnlyDictionary{string, string}?, CancellationToken)" />
    public static Task<(int ExitCode, string Output)> Run(
        string program, IEnumerable<string> arguments, string? user, CancellationToken cancellationToken) =>
        Run(program, arguments, user, environment: null, cancellationToken);
}
