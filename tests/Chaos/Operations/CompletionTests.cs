using System.Diagnostics;

namespace Chaos.Operations;

/// <summary>
/// Completion in zsh and fish themselves, which have to be installed (<c>apt-get install zsh fish</c>). Bash is tested
/// with everything else.
/// </summary>
public sealed class CompletionTests : IDisposable
{
    /// <summary>Types a line and Tab at a prompt, and waits until the answer has been seen.</summary>
    private const string AtAPrompt =
        """
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell "autoload -Uz compinit; compinit -D -u; source <(cqrs completion zsh); LISTMAX=0; echo LOADED"
        zpty -r -m shell ready '*LOADED*LOADED*' || exit 1
        zpty -w -n shell "$1"$'\t\t'
        zpty -r -m shell answer "*$2*" && print -r -- "$answer"
        zpty -d shell
        """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("cqrs-completion-");

    public CompletionTests()
    {
        CqrsProcess.PutInto(folder);
        File.WriteAllText(Path.Combine(folder.FullName, "some-file"), "");
    }

    public void Dispose() => folder.Delete(recursive: true);

    /// <param name="expected">What the shell adds: a terminal shows no more of a word that is completed.</param>
    [Theory]
    [InlineData("cqrs ba", "ckup")]
    [InlineData("cqrs projection re", "sume")]
    [InlineData("cqrs backup --ver", "ify")]
    [InlineData("cqrs completion ", "fish")]
    [InlineData("cqrs restore --from so", "me-file")]
    public async Task Commands_options_choices_and_files_are_completed(string line, string expected)
    {
        Assert.Contains(expected, await Run("zsh", "-f", "-c", AtAPrompt, "zsh", line, expected), StringComparison.Ordinal);
        var fish = await Run(
            "fish", "--no-config", "-c", "cqrs completion fish | source; complete -C $argv[1]", line);
        Assert.Contains(expected, fish, StringComparison.Ordinal);
    }

    private async Task<string> Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.FullName,
        };
        start.Environment["PATH"] = $"{folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["TERM"] = "xterm";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        using var process = Process.Start(start)!;
        try
        {
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return output + await error;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} never answered {string.Join(' ', arguments[^1..])}.");
        }
    }
}
