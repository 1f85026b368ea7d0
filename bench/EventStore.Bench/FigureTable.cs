using System.Globalization;

namespace EventStore.Bench;

/// <summary>One row of the table.</summary>
internal sealed record Figure(string What, Cost Cost, IReadOnlyList<string> Limits, Latencies? Latencies);

/// <summary>Collects figures, tells each as it comes, and prints them all as Markdown.</summary>
internal sealed class FigureTable
{
    private readonly List<Figure> figures = [];

    public void Add(Figure figure)
    {
        figures.Add(figure);
        Console.Error.WriteLine(Row(figure));
    }

    public void Print()
    {
        Console.WriteLine();
        Console.WriteLine(
            "| what | per second | of the raw limit | p50 ms | p99 ms | CPU µs here | PostgreSQL | garbage KB |");
        Console.WriteLine("|---|--:|---|--:|--:|--:|--:|--:|");
        foreach (var figure in figures)
            Console.WriteLine(Row(figure));
        Console.WriteLine();
        Console.WriteLine("CPU and garbage are for each of what is counted per second; \"here\" is this process.");
    }

    private string Row(Figure figure)
    {
        var (cost, count) = (figure.Cost, figure.Cost.Count);
        var latencies = figure.Latencies?.Read() is { } l
            ? string.Create(CultureInfo.InvariantCulture, $"{l.Median:0.00} | {l.Worst:0.00}")
            : " | ";
        var shares = string.Join(", ", figure.Limits.Select(limit => Share(figure, limit)));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {figure.What} | {cost.PerSecond:N0} | {shares} | {latencies} "
            + $"| {cost.Here.TotalMicroseconds / count:N1} | {cost.Postgres.TotalMicroseconds / count:N1} "
            + $"| {cost.Garbage / 1024.0 / count:N1} |");
    }

    private string Share(Figure figure, string what)
    {
        var share = figure.Cost.PerSecond / figures.First(other => other.What == what).Cost.PerSecond;
        return string.Create(CultureInfo.InvariantCulture, $"{share * 100:N0} % of {what}");
    }
}
