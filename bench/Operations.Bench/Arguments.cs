using System.Globalization;

namespace Operations.Bench;

/// <summary>What to measure, and how much of it.</summary>
internal sealed record Arguments(HashSet<string> Parts, int Messages, int Requests, bool Help)
{
    public const string Usage = """
        Usage: dotnet run -c Release --project bench/Operations.Bench -- [PART …] [--messages N] [--requests N]

        Measures Operations, a process of its own, with many failed messages, on servers that are started and stopped
        here, and prints a Markdown table. The messages are taken in whatever is asked.

        Parts (all of them without any):
          raw      what the servers do with the same messages without Operations: confirmed publishes, consumes,
                   inserts
          pages    what ServicePulse asks: pages of failed messages in each order, groups by each classifier, a group's
                   messages, far pages, searches, a message; one request after the other
          audit    as many handled messages taken in, and what ServicePulse asks of all messages
          archive  archive and restore a group of all messages
          retry    retry a group of all messages, until they are back in their queue

        --messages N  failed messages, and handled ones (100000)
        --requests N  times that each page is asked for (100)
        """;

    private static readonly string[] Known = ["raw", "pages", "audit", "archive", "retry"];

    /// <summary>Null when they make no sense.</summary>
    public static Arguments? Parse(string[] args)
    {
        HashSet<string> parts = [];
        var (messages, requests, help) = (100_000, 100, false);
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--help" or "-h":
                    help = true;
                    break;
                case "--messages" when i + 1 < args.Length && Number(args[i + 1]) is { } number:
                    messages = number;
                    i++;
                    break;
                case "--requests" when i + 1 < args.Length && Number(args[i + 1]) is { } number:
                    requests = number;
                    i++;
                    break;
                case var part when Known.Contains(part):
                    parts.Add(part);
                    break;
                default:
                    return null;
            }
        }

        return new Arguments(parts, messages, requests, help);
    }

    public bool Wants(string part) => Parts.Count == 0 || Parts.Contains(part);

    private static int? Number(string text) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
