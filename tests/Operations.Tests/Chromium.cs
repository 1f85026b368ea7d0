using System.Diagnostics;
using Microsoft.Playwright;

namespace Operations.Tests;

/// <summary>
/// The browser of the tests: the one that <c>CHROMIUM</c> names, one that is installed, or else Debian's package, which
/// is installed where that is allowed. Playwright's own is taken where none of these is to be had.
/// </summary>
internal static class Chromium
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly Lazy<Task<string?>> Program = new(FindOrInstall);

    public static async Task<IBrowser> Launch(IPlaywright playwright) => await playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = await Program.Value, Args = ["--no-sandbox"],
    });

    private static async Task<string?> FindOrInstall()
    {
        if (Find() is { } found)
            return found;
        if (Environment.UserName == "root" && File.Exists("/usr/bin/apt-get"))
        {
            System.Console.WriteLine("Chromium is missing on this machine: installing chromium with apt-get ...");
            await Apt("update", "-q");
            await Apt("install", "-q", "-y", "--no-install-recommends", "chromium");
        }

        return Find();
    }

    private static string? Find() =>
        Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named
            ? named
            : new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }
                .FirstOrDefault(File.Exists);

    private static async Task Apt(params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/apt-get", ["-o", "DPkg::Lock::Timeout=300", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DEBIAN_FRONTEND"] = "noninteractive" },
        };
        using var limit = new CancellationTokenSource(Patience);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = await process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        if (process.ExitCode == 0)
            return;
        throw new InvalidOperationException(
            $"apt-get {arguments[0]} failed with code {process.ExitCode}: {errors} {await output} Install it with: "
            + "sudo apt-get update && sudo apt-get install -y --no-install-recommends chromium; or name a Chromium in "
            + "the environment variable CHROMIUM.");
    }
}
