using System.Globalization;
using Spectre.Console;

namespace Cli.Messages;

/// <summary>Failed messages for people to read.</summary>
internal static class MessageTables
{
    public static void WriteList(IAnsiConsole console, MessagePage page, string status)
    {
        if (page.Messages.Count == 0)
        {
            console.WriteLine($"No message is {status}.");
            return;
        }

        var table = new Table()
            .AddColumns("failed", "id", "type", "queue", "attempts", "error").Border(TableBorder.None);
        foreach (var message in page.Messages)
        {
            table.AddRow(
                Cell(message.TimeOfFailure.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
                Cell(message.Id),
                Cell(message.MessageType?.Split('.')[^1] ?? "(unknown)"),
                Cell(message.QueueAddress ?? ""),
                Cell(message.NumberOfProcessingAttempts.ToString(CultureInfo.InvariantCulture)),
                Cell(message.Exception?.Message ?? ""));
        }

        console.Write(table);
        if (page.Total > page.Messages.Count)
            console.WriteLine($"{page.Messages.Count} of {page.Total}; --most N shows more.");
    }

    public static void WriteDetail(TextWriter text, MessageDetail detail)
    {
        var message = detail.Message;
        Line("id", message.Id);
        Line("type", message.MessageType);
        Line("status", message.Status);
        Line("failed", message.TimeOfFailure.ToString("O", CultureInfo.InvariantCulture));
        Line("queue", message.QueueAddress);
        Line("endpoint", message.ReceivingEndpoint?.Name);
        Line("attempts", message.NumberOfProcessingAttempts.ToString(CultureInfo.InvariantCulture));
        Line("error", $"{message.Exception?.ExceptionType}: {message.Exception?.Message}");
        text.WriteLine();
        text.WriteLine(message.Exception?.StackTrace ?? "(no stack trace)");
        text.WriteLine();
        foreach (var (name, value) in detail.Headers.OrderBy(header => header.Key, StringComparer.Ordinal)
            .Where(header => !header.Key.StartsWith("NServiceBus.ExceptionInfo.", StringComparison.Ordinal)))
        {
            text.WriteLine($"{name}: {value}");
        }

        text.WriteLine();
        text.WriteLine(detail.Body ?? "(no body)");

        void Line(string name, string? value) => text.WriteLine($"{name,-10}{value}");
    }

    private static Text Cell(string text) => new(text.ReplaceLineEndings(" "));
}
