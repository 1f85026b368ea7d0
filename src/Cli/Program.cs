using System.CommandLine;
using Cli.Import;
using Cli.Shop;

var root = new RootCommand("cqrs: the operator's command line of AspireCqrs")
{
    ImportCommands.Create(),
    ShopCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
