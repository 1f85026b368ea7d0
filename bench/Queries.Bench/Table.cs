using System.Globalization;

namespace Queries.Bench;

/// <summary>Collects figures and prints them as a Markdown table at the end.</summary>
internal sealed class Table
{
    private readonly List<string> rows = [];

    public void Add(string what, Outcome outcome, double? ofBare = null) => Add(string.Create(
        CultureInfo.InvariantCulture,
        $"| {what} | {outcome.Rate:N0}/s | {outcome.P50:0.00} ms | {outcome.P99:0.00} ms | {outcome.CpuMicros:0.0} µs | {(ofBare is { } share ? $"{share:0.00}" : "")} |"));

    public void Latency(string what, double rate, double p50, double p99) => Add(string.Create(
        CultureInfo.InvariantCulture, $"| {what} | {rate:N0}/s | {p50:0.00} ms | {p99:0.00} ms | | |"));

    /// <returns>The program's exit code.</returns>
    public int Print()
    {
        Console.WriteLine();
        Console.WriteLine("| what | rate | p50 | p99 | CPU of the server per request | of the bare endpoint's rate |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var row in rows)
            Console.WriteLine(row);
        return 0;
    }

    private void Add(string row)
    {
        Console.WriteLine(row);
        rows.Add(row);
    }
}

/// <param name="CpuMicros">User and system time of the serving process per request.</param>
internal sealed record Outcome(double Rate, double P50, double P99, double CpuMicros);
