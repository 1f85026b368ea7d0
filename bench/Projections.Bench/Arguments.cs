using System.Globalization;

namespace Projections.Bench;

/// <param name="Events">Events of the log, about.</param>
/// <param name="Rounds">Rebuilds of each model; the fastest counts.</param>
/// <param name="Parts">Models to measure; all where none is named.</param>
internal sealed record Arguments(int Events, int Rounds, IReadOnlyList<string> Parts, bool Help)
{
    public const string Usage =
        """
        dotnet run -c Release --project bench/Projections.Bench [-- [--events N] [--rounds N] [MODEL …]]

        Catch-up and rebuild of the read models over a log of N events (300,000), each beside what the store itself
        takes in the same run: COPY of the same rows, a Redis pipeline, the bulk API. Starts private servers. Personal
        data is sealed in the log, as it is in the running system.

        --events 1000000 is the size that the targets are about; with all models it takes several times as long.

        MODEL       order-details customer-orders revenue stock-levels bestsellers product-search; all without any
        --rounds N  rebuilds of each model (2); the fastest counts, with the COPYs right behind it
        """;

    /// <returns>Null: they make no sense.</returns>
    public static Arguments? Parse(string[] args)
    {
        var (events, rounds, parts, help) = (300_000, 2, new List<string>(), false);
        for (var index = 0; index < args.Length; index++)
        {
            if (args[index] is "--help" or "-h")
                help = true;
            else if (args[index] == "--events" && index + 1 < args.Length)
            {
                if (!int.TryParse(args[++index], CultureInfo.InvariantCulture, out events) || events < 100)
                    return null;
            }
            else if (args[index] == "--rounds" && index + 1 < args.Length)
            {
                if (!int.TryParse(args[++index], CultureInfo.InvariantCulture, out rounds) || rounds < 1)
                    return null;
            }
            else if (Models.Contains(args[index]))
                parts.Add(args[index]);
            else
                return null;
        }

        return new Arguments(events, rounds, parts, help);
    }

    private static readonly string[] Models =
        ["order-details", "customer-orders", "revenue", "stock-levels", "bestsellers", "product-search"];

    public bool Wants(string part) => Parts.Count == 0 || Parts.Contains(part);
}
