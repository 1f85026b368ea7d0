using System.Globalization;

namespace Projections.Bench;

/// <param name="Events">Events of the log, about.</param>
/// <param name="Parts">Models to measure; all where none is named.</param>
internal sealed record Arguments(int Events, IReadOnlyList<string> Parts, bool Help)
{
    public const string Usage =
        """
        dotnet run -c Release --project bench/Projections.Bench [-- [--events N] [MODEL …]]

        Catch-up and rebuild of the read models over a log of N events (1,000,000), each beside what the store itself
        takes in the same run: COPY of the same rows, a Redis pipeline, the bulk API. Starts private servers.

        MODEL    order-details customer-orders revenue stock-levels bestsellers product-search; all without any
        """;

    /// <returns>Null: they make no sense.</returns>
    public static Arguments? Parse(string[] args)
    {
        var (events, parts, help) = (1_000_000, new List<string>(), false);
        for (var index = 0; index < args.Length; index++)
        {
            if (args[index] is "--help" or "-h")
                help = true;
            else if (args[index] == "--events" && index + 1 < args.Length)
            {
                if (!int.TryParse(args[++index], CultureInfo.InvariantCulture, out events) || events < 100)
                    return null;
            }
            else if (!args[index].StartsWith('-'))
                parts.Add(args[index]);
            else
                return null;
        }

        return new Arguments(events, parts, help);
    }

    public bool Wants(string part) => Parts.Count == 0 || Parts.Contains(part);
}
