using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RabbitMQ.Client;

namespace Operations.Bench;

/// <summary>
/// Failed messages as endpoints send them to the error queue: all of one endpoint, of ten types and twenty exceptions,
/// each with a stack trace of 2 KB and a body of half a kilobyte.
/// </summary>
internal static class FailedMessage
{
    public const string Endpoint = "Bench.Failing";

    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly string Text = string.Concat(Enumerable.Repeat("0123456789abcdef", 24));

    public static (BasicProperties Properties, byte[] Body) Number(int number)
    {
        var id = IdOf(number).ToString();
        var (type, fault) = (number % 10, number % 20);
        var sent = Start.AddMilliseconds(number * 37L);
        var body = Encoding.UTF8.GetBytes($$"""{"Number":{{number}},"Customer":"customer-{{number % 997}}","Text":"{{Text}}"}""");
        var headers = new Dictionary<string, object?>
        {
            ["NServiceBus.MessageId"] = id,
            ["NServiceBus.CorrelationId"] = id,
            ["NServiceBus.ConversationId"] = id,
            ["NServiceBus.MessageIntent"] = "Send",
            ["NServiceBus.EnclosedMessageTypes"] =
                $"Bench.Command{type}, Bench, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null",
            ["NServiceBus.ContentType"] = "application/json",
            ["NServiceBus.OriginatingEndpoint"] = "Bench.Sender",
            ["NServiceBus.OriginatingMachine"] = "bench",
            ["$.diagnostics.originating.hostid"] = "0123456789abcdef0123456789abcdef",
            ["NServiceBus.TimeSent"] = Time(sent),
            ["NServiceBus.Version"] = "10.2.8",
            ["NServiceBus.ProcessingEndpoint"] = Endpoint,
            ["NServiceBus.ProcessingMachine"] = "bench",
            ["$.diagnostics.hostid"] = "fedcba9876543210fedcba9876543210",
            ["$.diagnostics.hostdisplayname"] = "bench",
            ["NServiceBus.FailedQ"] = Endpoint,
            ["NServiceBus.TimeOfFailure"] = Time(sent.AddSeconds(2)),
            ["NServiceBus.ExceptionInfo.ExceptionType"] = $"Bench.Fault{fault}Exception",
            ["NServiceBus.ExceptionInfo.Message"] = $"Customer {number % 997} has no address.",
            ["NServiceBus.ExceptionInfo.Source"] = "Bench",
            ["NServiceBus.ExceptionInfo.StackTrace"] = Trace(fault),
            ["traceparent"] = $"00-{id.Replace("-", "", StringComparison.Ordinal)}-0123456789abcdef-01",
        };
        return (
            new BasicProperties
            {
                Persistent = true, MessageId = id, ContentType = "application/json", Headers = headers,
            },
            body);
    }

    /// <summary>The same in every run.</summary>
    public static Guid IdOf(int number) =>
        new(MD5.HashData(Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture))));

    private static string Trace(int fault)
    {
        var text = new StringBuilder();
        for (var depth = 0; depth < 20; depth++)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"   at Bench.Handlers.Handler{fault}.Step{depth}(Command message, CancellationToken token) in Step.cs:line {depth}");
        }

        return text.ToString();
    }

    private static string Time(DateTime time) =>
        time.ToString("yyyy-MM-dd HH:mm:ss:ffffff 'Z'", CultureInfo.InvariantCulture);
}
