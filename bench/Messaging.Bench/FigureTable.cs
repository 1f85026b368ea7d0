using System.Globalization;

namespace Messaging.Bench;

/// <summary>One measurement.</summary>
internal sealed record Figure(
    string What, double PerSecond, string Share = "", Cost? Cost = null, Latencies? Latencies = null);

/// <summary>Collects figures, tells each as it comes, and prints them all as Markdown.</summary>
internal sealed class FigureTable
{
    private readonly List<Figure> figures = [];

    /// <summary>Rate of the raw run of this name; null when it was not measured.</summary>
    public double? RateOf(string what) => figures.Find(f => f.What == what)?.PerSecond;

    /// <summary>How one rate compares with a raw one of the same run.</summary>
    public string Share(double rate, string raw) => RateOf(raw) is { } limit
        ? string.Create(CultureInfo.InvariantCulture, $"{rate / limit:P0} of {raw}")
        : "";

    public void Add(Figure figure)
    {
        figures.Add(figure);
        Console.Error.WriteLine(Row(figure));
    }

    public void Print()
    {
        Console.WriteLine();
        Console.WriteLine(
            "| what | per second | of the raw limit | p50 ms | p99 ms "
            + "| CPU µs here | PostgreSQL | RabbitMQ | garbage KB |");
        Console.WriteLine("|---|--:|---|--:|--:|--:|--:|--:|--:|");
        foreach (var figure in figures)
        {
            Console.WriteLine(Row(figure));
        }

        Console.WriteLine();
        Console.WriteLine("CPU and garbage are per message; \"here\" is this process, the endpoint's.");
    }

    private static string Row(Figure figure)
    {
        var cost = figure.Cost is { } c
            ? string.Create(CultureInfo.InvariantCulture, $"{c.Here:N0} | {c.Postgres:N0} | {c.Broker:N0} | {c.Garbage:N1}")
            : " | | | ";
        var latencies = figure.Latencies is { } l
            ? string.Create(CultureInfo.InvariantCulture, $"{l.Median:0.0} | {l.Worst:0.0}")
            : " | ";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {figure.What} | {figure.PerSecond:N0} | {figure.Share} | {latencies} | {cost} |");
    }
}
