using System.Globalization;
using RabbitMQ.Client;

namespace Operations.Bench;

/// <summary>
/// Copies of handled messages as endpoints send them to the audit queue: the same messages as those that fail, without
/// their errors, ten in a conversation.
/// </summary>
internal static class HandledMessage
{
    public const string Endpoint = "Bench.Handling";

    private const int InConversation = 10;

    private static readonly DateTime Start = DateTime.UtcNow;

    public static (BasicProperties Properties, byte[] Body) Number(int number)
    {
        var (properties, body) = FailedMessage.Number(number);
        var headers = properties.Headers!;
        foreach (var name in headers.Keys.Where(name => name.Contains("Exception", StringComparison.Ordinal)
            || name.Contains("Fail", StringComparison.Ordinal)).ToList())
            headers.Remove(name);
        var id = Guid.CreateVersion7().ToString();
        var sent = Start.AddMilliseconds(-number % 1000);
        headers["NServiceBus.MessageId"] = id;
        headers["NServiceBus.ConversationId"] = ConversationOf(number);
        headers["NServiceBus.TimeSent"] = Time(sent);
        headers["NServiceBus.ProcessingStarted"] = Time(sent.AddMilliseconds(1 + (number % 17)));
        headers["NServiceBus.ProcessingEnded"] = Time(sent.AddMilliseconds(2 + (number % 29)));
        headers["NServiceBus.ProcessingEndpoint"] = Endpoint;
        properties.MessageId = id;
        return (properties, body);
    }

    public static string ConversationOf(int number) => FailedMessage.IdOf(-1 - (number / InConversation)).ToString();

    private static string Time(DateTime time) =>
        time.ToString("yyyy-MM-dd HH:mm:ss:ffffff 'Z'", CultureInfo.InvariantCulture);
}
