using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Cli.Messages;

/// <summary><c>cqrs messages find|conversation</c>: messages whatever became of them.</summary>
internal static class FindCommands
{
    public static Command Find()
    {
        var words = new Argument<string?>("TEXT")
        {
            Description = "Words of its type, ids, endpoints or body, all of which it has; left out: any message.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var endpoint = new Option<string?>("--endpoint") { Description = "Only messages that this endpoint handled." };
        var most = new Option<int>("--most") { Description = "So many at most.", DefaultValueFactory = _ => 50 };
        most.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1000)
                result.AddError("--most takes a number from 1 to 1000");
        });
        var command = new Command(
            "find", "Messages that were handled or failed, the last first: find ORDER-ID shows what is about an order.")
        {
            words, endpoint, most, Output.Json, OperationsConnection.Address,
        };
        command.SetAction((parsed, token) => OperationsConnection.Ask(parsed, async (http, cancellationToken) =>
        {
            var found = await new AllMessages(http).Find(
                parsed.GetValue(words), parsed.GetValue(endpoint), parsed.GetRequiredValue(most), cancellationToken);
            if (parsed.GetValue(Output.Json))
                Output.WriteJson(found);
            else
                Write(AnsiConsole.Console, found);
            return ExitCodes.Success;
        }, token));
        return command;
    }

    public static Command Conversation()
    {
        var id = new Argument<string>("ID") { Description = "The conversation's id in cqrs messages find." };
        var command = new Command(
            "conversation", "What came of one message: each message below the one it was sent because of.")
        {
            id, Output.Json, OperationsConnection.Address,
        };
        command.SetAction((parsed, token) => OperationsConnection.Ask(parsed, async (http, cancellationToken) =>
        {
            var wanted = parsed.GetRequiredValue(id);
            var messages = await new AllMessages(http).Conversation(wanted, cancellationToken);
            if (messages.Count == 0)
            {
                throw new InvalidDataException(
                    $"there is no conversation '{wanted}', or it is older than messages are kept; cqrs messages find "
                    + "shows which there are");
            }

            if (parsed.GetValue(Output.Json))
                Output.WriteJson(messages);
            else
                AnsiConsole.Console.Write(Tree(messages));
            return ExitCodes.Success;
        }, token));
        return command;
    }

    private static void Write(IAnsiConsole console, FoundMessages found)
    {
        if (found.Messages.Count == 0)
        {
            console.WriteLine("No such message: it may be older than messages are kept, or nobody audits it.");
            return;
        }

        var table = new Table().AddColumns("sent", "type", "endpoint", "status", "conversation")
            .Border(TableBorder.None);
        foreach (var message in found.Messages)
        {
            table.AddRow(
                new Text(message.TimeSent?.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture) ?? ""),
                new Text(TypeOf(message)),
                new Text(message.ReceivingEndpoint?.Name ?? ""),
                new Text(message.Status),
                new Text(message.ConversationId ?? ""));
        }

        console.Write(table);
        if (found.Total > found.Messages.Count)
            console.WriteLine($"{found.Messages.Count} of {found.Total}; --most N shows more.");
    }

    /// <summary>Those whose cause is not among them are roots.</summary>
    private static Tree Tree(List<AnyMessage> messages)
    {
        var known = messages.Select(message => message.MessageId).ToHashSet(StringComparer.Ordinal);
        var tree = new Tree(new Text($"{messages.Count} messages"));
        foreach (var root in messages.Where(message => message.RelatedTo is not { } cause || !known.Contains(cause)))
            Grow(tree, root, messages, []);
        return tree;
    }

    private static void Grow(IHasTreeNodes above, AnyMessage message, List<AnyMessage> messages, HashSet<string> seen)
    {
        // An event is handled by several endpoints, and each may have sent something because of it.
        var node = above.AddNode(new Text(Line(message)));
        if (message.MessageId is not { } id || !seen.Add(message.Id))
            return;
        foreach (var next in messages.Where(next => next.RelatedTo == id
            && (next.SendingEndpoint?.Name ?? "") == (message.ReceivingEndpoint?.Name ?? "")))
            Grow(node, next, messages, seen);
    }

    private static string Line(AnyMessage message)
    {
        var sagas = string.Concat((message.InvokedSagas ?? []).Select(saga =>
            $", {saga.SagaType.Split('.')[^1]} {saga.ChangeStatus?.ToLowerInvariant()}".TrimEnd()));
        return $"{TypeOf(message)} in {message.ReceivingEndpoint?.Name}: {message.Status}, "
            + $"{message.ProcessingTime.TotalMilliseconds:0} ms{sagas}";
    }

    private static string TypeOf(AnyMessage message) => message.MessageType?.Split('.')[^1] ?? "(unknown)";
}
