using System.CommandLine;
using Spectre.Console;

namespace Cli.Messages;

/// <summary><c>cqrs messages list|show|retry|archive|restore|edit|find|conversation</c>.</summary>
internal static class MessageCommands
{
    public static Command Create() =>
        new("messages", "Shows failed messages, and retries, edits, archives and restores them; finds any message.")
        {
            List(), Show(), Retry(), Archive(), Restore(), Edit(), FindCommands.Find(), FindCommands.Conversation(),
        };

    private static Command List()
    {
        var status = new Option<string>("--status")
        {
            Description = "unresolved (to be dealt with), retryissued, archived or resolved.",
            DefaultValueFactory = _ => "unresolved",
        };
        status.AcceptOnlyFromAmong("unresolved", "retryissued", "archived", "resolved");
        var queue = new Option<string?>("--queue") { Description = "Only messages that failed in this queue." };
        var most = new Option<int>("--most") { Description = "So many at most.", DefaultValueFactory = _ => 50 };
        most.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1000)
                result.AddError("--most takes a number from 1 to 1000");
        });
        var command = new Command("list", "Failed messages, the last first.")
        {
            status, queue, most, Output.Json, OperationsConnection.Address,
        };
        command.SetAction((parsed, token) => OperationsConnection.Run(parsed, async (messages, cancellationToken) =>
        {
            var wanted = parsed.GetRequiredValue(status);
            var page = await messages.List(
                wanted, parsed.GetValue(queue), parsed.GetRequiredValue(most), cancellationToken);
            if (parsed.GetValue(Output.Json))
                Output.WriteJson(page);
            else
                MessageTables.WriteList(AnsiConsole.Console, page, wanted);
            return ExitCodes.Success;
        }, token));
        return command;
    }

    private static Command Show()
    {
        var id = Id();
        var command = new Command("show", "One message: error, stack trace, headers and body.")
        {
            id, Output.Json, OperationsConnection.Address,
        };
        command.SetAction((parsed, token) => OperationsConnection.Run(parsed, async (messages, cancellationToken) =>
        {
            var detail = await Find(messages, parsed.GetRequiredValue(id), cancellationToken);
            if (parsed.GetValue(Output.Json))
                Output.WriteJson(detail);
            else
                MessageTables.WriteDetail(Console.Out, detail);
            return ExitCodes.Success;
        }, token));
        return command;
    }

    private static Command Retry()
    {
        var ids = Ids();
        var all = new Option<bool>("--all") { Description = "Every unresolved message." };
        var queue = new Option<string?>("--queue") { Description = "Every unresolved message of this queue." };
        var command = new Command(
            "retry", "Returns messages to the queues they failed in; each is resolved when it has been handled.")
        {
            ids, all, queue, Output.Json, OperationsConnection.Address,
        };
        command.Validators.Add(result =>
        {
            var ways = (result.GetValue(ids) is { Length: > 0 } ? 1 : 0) + (result.GetValue(all) ? 1 : 0)
                + (result.GetValue(queue) is null ? 0 : 1);
            if (ways != 1)
                result.AddError("say which: one or more IDs, or --queue QUEUE, or --all");
        });
        command.SetAction((parsed, token) => OperationsConnection.Run(parsed, async (messages, cancellationToken) =>
        {
            if (parsed.GetValue(all))
            {
                await messages.RetryAll(cancellationToken);
                return Output.Say(parsed, "Every unresolved message is being retried.");
            }

            if (parsed.GetValue(queue) is { } address)
            {
                await messages.RetryQueue(address, cancellationToken);
                return Output.Say(parsed, $"Every unresolved message of '{address}' is being retried.");
            }

            var chosen = await Known(messages, parsed.GetRequiredValue(ids), cancellationToken);
            await messages.Retry(chosen, cancellationToken);
            return Output.Say(
                parsed, $"{chosen.Length} being retried; cqrs messages list --status retryissued shows which wait.");
        }, token));
        return command;
    }

    private static Command Archive()
    {
        var ids = Ids(ArgumentArity.OneOrMore);
        var command = new Command(
            "archive", "Sets messages aside that need no retry; they are deleted after the retention time.")
        {
            ids, Output.Json, OperationsConnection.Address,
        };
        command.SetAction((parsed, token) => OperationsConnection.Run(parsed, async (messages, cancellationToken) =>
        {
            var chosen = await Known(messages, parsed.GetRequiredValue(ids), cancellationToken);
            await messages.Archive(chosen, cancellationToken);
            return Output.Say(parsed, $"{chosen.Length} archived; cqrs messages restore takes them back.");
        }, token));
        return command;
    }

    private static Command Restore()
    {
        var ids = Ids(ArgumentArity.OneOrMore);
        var command = new Command("restore", "Takes archived messages back among the unresolved.")
        {
            ids, Output.Json, OperationsConnection.Address,
        };
        command.SetAction((parsed, token) => OperationsConnection.Run(parsed, async (messages, cancellationToken) =>
        {
            var chosen = await Known(messages, parsed.GetRequiredValue(ids), cancellationToken);
            await messages.Restore(chosen, cancellationToken);
            return Output.Say(parsed, $"{chosen.Length} restored.");
        }, token));
        return command;
    }

    private static Command Edit()
    {
        var id = Id();
        var file = new Option<FileInfo>("--body")
        {
            Description = "File with the new body (cqrs messages show prints the old one).", Required = true,
        };
        var headers = new Option<string[]>("--header") { Description = "NAME=VALUE to change; may be repeated." };
        var command = new Command(
            "edit", "Sends a message with another body in place of a failed one, to the same queue.")
        {
            id, file, headers, Output.Json, OperationsConnection.Address,
        };
        command.SetAction((parsed, token) => OperationsConnection.Run(parsed, async (messages, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(file);
            if (!path.Exists)
                throw new InvalidDataException($"there is no file '{path.FullName}': --body takes the new body's");
            var detail = await Find(messages, parsed.GetRequiredValue(id), cancellationToken);
            var changed = new Dictionary<string, string>(detail.Headers, StringComparer.Ordinal);
            foreach (var header in parsed.GetValue(headers) ?? [])
            {
                if (header.Split('=', 2) is not [{ Length: > 0 } name, var value])
                    throw new InvalidDataException($"--header takes NAME=VALUE, was '{header}'");
                changed[name] = value;
            }

            var body = await File.ReadAllTextAsync(path.FullName, cancellationToken);
            if (await messages.Edit(Guid.Parse(detail.Message.Id), body, changed, cancellationToken))
                return Output.Say(parsed, "Sent in its place.");
            await Console.Error.WriteLineAsync(
                $"cqrs: message {detail.Message.Id} has been edited before: only the first edit is sent.");
            return ExitCodes.Failed;
        }, token));
        return command;
    }

    private static async Task<MessageDetail> Find(
        FailedMessages messages, Guid id, CancellationToken cancellationToken) =>
        await messages.Find(id, cancellationToken) ?? throw new InvalidDataException(
            $"there is no failed message {id}; cqrs messages list shows which there are");

    /// <summary>All of them, or an error that names the first that is not there: nothing is done by halves.</summary>
    private static async Task<Guid[]> Known(FailedMessages messages, Guid[] ids, CancellationToken cancellationToken)
    {
        foreach (var id in ids)
            await Find(messages, id, cancellationToken);
        return ids;
    }

    private static Argument<Guid> Id() => new("ID") { Description = "The message's id in cqrs messages list." };

    private static Argument<Guid[]> Ids(ArgumentArity? arity = null) => new("ID")
    {
        Description = "Ids as in cqrs messages list.", Arity = arity ?? ArgumentArity.ZeroOrMore,
    };
}
