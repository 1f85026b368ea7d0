using System.Diagnostics;

namespace Cli.Tests.Completion;

/// <summary>The scripts in the shells themselves; in those of them that this machine has.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("cqrs-completion-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public CompletionTests()
    {
        var program = Path.Combine(folder.FullName, "cqrs");
        File.WriteAllText(program, $"#!/bin/sh\nexec dotnet '{typeof(ExitCodes).Assembly.Location}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("cqrs ba", "backup")]
    [InlineData("cqrs projection re", "rebuild", "resume", "retry")]
    [InlineData("cqrs backup --ver", "--verify")]
    [InlineData("cqrs completion ", "bash", "fish", "zsh")]
    public async Task Bash_completes_commands_options_and_choices(string line, params string[] expected)
    {
        var words = line.Split(' ');
        var script = $$"""
            source <(cqrs completion bash)
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}} COMP_CWORD={{words.Length - 1}}
            COMP_WORDS=({{string.Join(' ', words.Select(word => $"'{word}'"))}})
            _cqrs
            printf '%s\n' "${COMPREPLY[@]}"
            """;

        var completed = await Run("bash", "-c", script);

        Assert.Superset(expected.ToHashSet(), completed.ToHashSet());
        Assert.All(completed, word => Assert.StartsWith(words[^1], word, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Each_script_is_sound_to_its_shell(string shell)
    {
        var script = Path.Combine(folder.FullName, "script");
        await File.WriteAllLinesAsync(script, await Run("cqrs", "completion", shell), Cancel);
        // A shell that is not here cannot read its script; bash reads its own on every machine that runs these tests.
        if (shell == "bash" || IsInstalled(shell))
            await Run(shell, "-n", script);
        Assert.Contains("[suggest:", await File.ReadAllTextAsync(script, Cancel), StringComparison.Ordinal);
    }

    private static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, program)));

    private async Task<string[]> Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program == "cqrs" ? Path.Combine(folder.FullName, program) : program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{folder.FullName}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Cancel), process.StandardError.ReadToEndAsync(Cancel));
        await process.WaitForExitAsync(Cancel);
        Assert.True(process.ExitCode == 0, $"{program}: {process.ExitCode} {await error}");
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
