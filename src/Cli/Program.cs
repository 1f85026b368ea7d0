using System.CommandLine;
using System.CommandLine.Invocation;
using Cli;
using Cli.Backup;
using Cli.Check;
using Cli.Completion;
using Cli.Connections;
using Cli.EventStore;
using Cli.Import;
using Cli.Messages;
using Cli.Monitor;
using Cli.Projections;
using Cli.Roi;
using Cli.Shop;

var root = new RootCommand("cqrs: the operator's command line of AspireCqrs")
{
    ImportCommands.Create(),
    ProjectionCommands.Create(),
    ShopCommand.Create(),
    EventStoreCommands.Create(),
    MessageCommands.Create(),
    MonitorCommands.Create(),
    CheckCommands.Create(),
    BackupCommand.Create(),
    Cli.Backup.RestoreCommand.Create(),
    RoiCommand.Create(),
    CompletionCommand.Create(),
    ConnectionsCommand.Create(),
};
ParseResult parsed;
try
{
    parsed = root.Parse(args);
}
catch (InvalidOperationException unreadable)
{
    // An option's validator asked for its value, and the text is none: "--from x".
    Console.Error.WriteLine($"cqrs: {unreadable.Message}");
    return ExitCodes.BadInput;
}

var exitCode = await parsed.InvokeAsync();
return parsed.Action is ParseErrorAction ? ExitCodes.BadInput : exitCode;
