using System.Globalization;

namespace Operations.Bench;

/// <summary>One measurement.</summary>
/// <param name="Memory">What Operations holds, in MB; null where it takes no part.</param>
internal sealed record Figure(
    string What, double PerSecond, string Share = "", Cost? Cost = null, Latencies? Latencies = null,
    double? Memory = null);

/// <summary>Milliseconds.</summary>
internal sealed record Latencies(double Median, double Worst)
{
    public static Latencies Of(IEnumerable<TimeSpan> times)
    {
        double[] sorted = [.. times.Select(time => time.TotalMilliseconds).Order()];
        return new Latencies(At(0.50), At(0.99));

        double At(double share) => sorted[(int)Math.Ceiling(share * (sorted.Length - 1))];
    }
}

/// <summary>Collects figures, tells each as it comes, and prints them all as Markdown.</summary>
internal sealed class FigureTable
{
    private readonly List<Figure> figures = [];

    /// <summary>How one rate compares with a raw one of the same run.</summary>
    public string Share(double rate, string raw) => figures.Find(figure => figure.What == raw) is { } limit
        ? string.Create(CultureInfo.InvariantCulture, $"{rate / limit.PerSecond:P0} of {raw}")
        : "";

    public void Add(Figure figure)
    {
        figures.Add(figure);
        System.Console.Error.WriteLine(Row(figure));
    }

    public void Print()
    {
        System.Console.WriteLine();
        System.Console.WriteLine(
            "| what | per second | of the raw limit | p50 ms | p99 ms | CPU µs Operations | PostgreSQL | RabbitMQ "
            + "| memory MB |");
        System.Console.WriteLine("|---|--:|---|--:|--:|--:|--:|--:|--:|");
        foreach (var figure in figures)
            System.Console.WriteLine(Row(figure));
        System.Console.WriteLine();
        System.Console.WriteLine("CPU is per message, or per request; memory is what Operations holds afterwards.");
    }

    private static string Row(Figure figure)
    {
        var cost = figure.Cost is { } c
            ? string.Create(CultureInfo.InvariantCulture, $"{c.Operations:N0} | {c.Postgres:N0} | {c.Broker:N0}")
            : " | | ";
        var latencies = figure.Latencies is { } l
            ? string.Create(CultureInfo.InvariantCulture, $"{l.Median:0.0} | {l.Worst:0.0}")
            : " | ";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {figure.What} | {figure.PerSecond:N0} | {figure.Share} | {latencies} | {cost} | {figure.Memory:N0} |");
    }
}
