using System.Globalization;

namespace Messaging.Bench;

/// <summary>CPU time of the servers so far. They run below this process; where there is no /proc they count as
/// nothing.</summary>
internal readonly record struct Servers(TimeSpan Postgres, TimeSpan Broker)
{
    // The kernel counts in hundredths of a second.
    private const double TicksPerSecond = 100;

    public static Servers Now()
    {
        if (!Directory.Exists("/proc/self"))
        {
            return default;
        }

        var processes = Directory.EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => int.TryParse(name, out _))
            .Select(name => Read(int.Parse(name!, CultureInfo.InvariantCulture)))
            .OfType<Running>()
            .ToDictionary(p => p.Id);
        return new Servers(TimeOf("postgres"), TimeOf("beam"));

        TimeSpan TimeOf(string name) => TimeSpan.FromSeconds(processes.Values
            .Where(p => p.Name.StartsWith(name, StringComparison.Ordinal) && IsBelow(p.Parent))
            .Sum(p => p.Ticks) / TicksPerSecond);

        bool IsBelow(int id) => id == Environment.ProcessId
            || (processes.TryGetValue(id, out var process) && process.Parent != id && IsBelow(process.Parent));
    }

    private static Running? Read(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var end = stat.LastIndexOf(')');
            var fields = stat[(end + 2)..].Split(' ');
            return new Running(
                id,
                int.Parse(fields[1], CultureInfo.InvariantCulture),
                stat[(stat.IndexOf('(') + 1)..end],
                long.Parse(fields[11], CultureInfo.InvariantCulture)
                    + long.Parse(fields[12], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // It has ended since it was listed.
            return null;
        }
    }

    private sealed record Running(int Id, int Parent, string Name, long Ticks);
}
