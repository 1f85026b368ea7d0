using System.Globalization;

namespace Messaging.Bench;

/// <summary>What to measure, and how long.</summary>
internal sealed record Arguments(HashSet<string> Parts, TimeSpan Length, int[] Concurrencies, bool Help)
{
    public const string Usage = """
        Usage: dotnet run -c Release --project bench/Messaging.Bench -- [PART …] [--seconds N] [--concurrency N,N,…]

        Measures the messaging engine on servers of its own, which it starts and stops, and prints a Markdown table.

        Parts (all of them without any):
          raw      what the servers do without the engine: confirmed publishes and consumes of a quorum queue with
                   RabbitMQ.Client alone, PostgreSQL transactions of one insert
          handle   messages handled: inbox, one event appended to the event store, one event published; then
                   without persistence; then the least code that does the same for this one message
          saga     steps of a saga: load, change, store, send on
          publish  events published outside of a handler
          latency  time from send to handled at 200 messages a second
          idle     CPU of an endpoint that has nothing to do

        --seconds N          length of each run (5)
        --concurrency N,N,…  messages handled at once (1,8,32,64)

        Shares compare with the raw figures of the same run: other work on the machine slows both down alike.
        """;

    private static readonly string[] Known = ["raw", "handle", "saga", "publish", "latency", "idle"];

    /// <summary>Null when they make no sense.</summary>
    public static Arguments? Parse(string[] args)
    {
        var parts = new HashSet<string>();
        var length = TimeSpan.FromSeconds(5);
        int[] concurrencies = [1, 8, 32, 64];
        var help = false;
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--help" or "-h":
                    help = true;
                    break;
                case "--seconds" when i + 1 < args.Length
                    && double.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var seconds) && seconds > 0:
                    length = TimeSpan.FromSeconds(seconds);
                    i++;
                    break;
                case "--concurrency" when i + 1 < args.Length && Numbers(args[i + 1]) is { } numbers:
                    concurrencies = numbers;
                    i++;
                    break;
                case var part when Known.Contains(part):
                    parts.Add(part);
                    break;
                default:
                    return null;
            }
        }

        return new Arguments(parts, length, concurrencies, help);
    }

    public bool Wants(string part) => Parts.Count == 0 || Parts.Contains(part);

    private static int[]? Numbers(string text)
    {
        var numbers = text.Split(',').Select(t => int.TryParse(t, out var n) && n > 0 ? n : 0).ToArray();
        return Array.TrueForAll(numbers, n => n > 0) ? numbers : null;
    }
}
