using System.Globalization;

namespace EventStore.Bench;

/// <summary>What to measure, and how long.</summary>
internal sealed record Arguments(HashSet<string> Parts, TimeSpan Length, int Rounds, int Events, bool Help)
{
    public const string Usage = """
        Usage: dotnet run -c Release --project bench/EventStore.Bench -- [PART …] [--seconds N] [--rounds N] [--events N]

        Measures the event store on a PostgreSQL of its own, which it starts and stops, and prints a Markdown table.

        Parts (all of them without any):
          append       1, 16 and 64 callers of 1 and 10 events; beside it plain Npgsql with the same rows and a table of
                       the same definition: multi-row inserts, COPY, transactions of one row; and message-db, which npm gets
          latency      of an append at 200 appends a second, beside a transaction of one row at the same pace
          read         the log forward, as typed events and with the data left as JSON, and one stream; beside it COPY
                       of the same rows, all columns, received and thrown away
          fold         1,000 events into a state, with and without a snapshot; beside it a select of the same rows
          subscribe    from the append to the batch in the subscriber's hands, beside LISTEN, NOTIFY and a select
          verify       the whole log, beside COPY of the same rows
          conditional  16 callers append under a condition on a tag, beside serializable transactions

        --seconds N  length of each run (5)
        --rounds N   runs that are compared take turns, this often (3)
        --events N   least size of the log that is read (300000)

        Shares compare with raw figures of the same run: other work on the machine slows both down alike.
        """;

    private static readonly string[] Known =
        ["append", "latency", "read", "fold", "subscribe", "verify", "conditional"];

    /// <summary>Null when they make no sense.</summary>
    public static Arguments? Parse(string[] args)
    {
        var arguments = new Arguments([], TimeSpan.FromSeconds(5), 3, 300_000, false);
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--help" or "-h":
                    arguments = arguments with { Help = true };
                    break;
                case "--seconds" when i + 1 < args.Length
                    && double.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var seconds) && seconds > 0:
                    arguments = arguments with { Length = TimeSpan.FromSeconds(seconds) };
                    i++;
                    break;
                case "--rounds" when i + 1 < args.Length && int.TryParse(args[i + 1], out var rounds) && rounds > 0:
                    arguments = arguments with { Rounds = rounds };
                    i++;
                    break;
                case "--events" when i + 1 < args.Length && int.TryParse(args[i + 1], out var events) && events > 0:
                    arguments = arguments with { Events = events };
                    i++;
                    break;
                case var part when Known.Contains(part):
                    arguments.Parts.Add(part);
                    break;
                default:
                    return null;
            }
        }
        return arguments;
    }

    public bool Wants(string part) => Parts.Count == 0 || Parts.Contains(part);
}
