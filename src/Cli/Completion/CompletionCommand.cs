using System.CommandLine;

namespace Cli.Completion;

/// <summary>
/// <c>cqrs completion bash|zsh|fish</c>: what a shell needs to complete commands, options and choices.
/// </summary>
internal static class CompletionCommand
{
    private static readonly Argument<string> Shell = new("shell") { Description = "bash, zsh or fish." };

    public static Command Create()
    {
        Shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command(
            "completion",
            """
            Prints a script that lets a shell complete commands, options and choices.

              bash:  cqrs completion bash > /etc/bash_completion.d/cqrs      or   source <(cqrs completion bash)
              zsh:   cqrs completion zsh > "${fpath[1]}/_cqrs"               or   source <(cqrs completion zsh)
              fish:  cqrs completion fish > ~/.config/fish/completions/cqrs.fish

            The program cqrs has to be found in PATH. The script asks it each time, so it never grows stale.
            """)
        {
            Shell,
        };
        command.SetAction(parsed =>
        {
            Console.Out.Write(Embedded.Beside(typeof(CompletionCommand), $"cqrs.{parsed.GetRequiredValue(Shell)}"));
            return ExitCodes.Success;
        });
        return command;
    }
}
