using System.Globalization;

namespace Queries.Bench;

/// <summary>What to run, and how much of it.</summary>
internal sealed record Settings(
    IReadOnlyList<string> Parts, int Products, int Orders, int Connections, TimeSpan Duration, int Rounds,
    IReadOnlyList<int> Rates)
{
    public const string Help = """
        dotnet run -c Release --project bench/Queries.Bench -- [part …] [--option value …]

        Starts servers of its own, fills them through the event log and the projections, and measures the query API.

        parts (all of them without any)
          cached     answers from memory, beside a bare minimal-API endpoint with the same bytes, taking turns
          uncached   answers from the models: product, order, a customer's orders, search
          command    from a command sent to the command API to the answer of the query API that shows it, at 50, 200
                     and 500 commands/s; every service a process of its own
          visible    the part of the projection and the query in that: from an append to the log (directly, not by the
                     command API) to the answer that shows it

        options
          --products N      products in the catalog (10000)
          --orders N        completed orders (20000)
          --connections N   keep-alive connections of the load driver, a process of its own (16)
          --seconds N       length of a run (5)
          --rounds N        turns that cached and bare take (3)
          --rate N          commands a second, in place of 50, 200 and 500
        """;

    private static readonly string[] All = ["command", "cached", "uncached", "visible"];

    public bool Wants(string part) => Parts.Count == 0 || Parts.Contains(part);

    /// <returns>Null where the arguments make no sense.</returns>
    public static Settings? Parse(string[] args)
    {
        List<string> parts = [];
        Dictionary<string, int> numbers = [];
        for (var i = 0; i < args.Length; i++)
        {
            if (All.Contains(args[i]))
                parts.Add(args[i]);
            else if (args[i] is "--products" or "--orders" or "--connections" or "--seconds" or "--rounds" or "--rate"
                && i + 1 < args.Length
                && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var number))
                numbers[args[i++]] = number;
            else
                return null;
        }

        return new Settings(
            parts,
            numbers.GetValueOrDefault("--products", 10_000),
            numbers.GetValueOrDefault("--orders", 20_000),
            numbers.GetValueOrDefault("--connections", 16),
            TimeSpan.FromSeconds(numbers.GetValueOrDefault("--seconds", 5)),
            numbers.GetValueOrDefault("--rounds", 3),
            numbers.TryGetValue("--rate", out var rate) ? [rate] : [50, 200, 500]);
    }
}
