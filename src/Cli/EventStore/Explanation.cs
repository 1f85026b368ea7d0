using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Cli.EventStore;

/// <summary>
/// The long part of a command's help: how it works and examples, shown by its own <c>--help</c> only, so that the list
/// of commands stays a list.
/// </summary>
internal static class Explanation
{
    /// <summary>Adds the text to the command's own help.</summary>
    public static Command Explained(this Command command, string text)
    {
        command.Options.Add(new HelpOption { Action = new HelpThenText(text) });
        return command;
    }

    private sealed class HelpThenText(string text) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var exitCode = new HelpAction().Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(text);
            return exitCode;
        }
    }
}
