using System.Collections.Concurrent;

namespace Portable.Hosting.Terminal;

/// <summary>Colors for a terminal; none when the output goes elsewhere or NO_COLOR is set (no-color.org).</summary>
internal sealed class Palette
{
    private const int Width = 20;
    private static readonly int[] Colors = [36, 32, 33, 35, 34, 96, 92, 93, 95, 94];

    private readonly bool colored =
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    private readonly ConcurrentDictionary<string, string> prefixes = new();

    /// <summary>The name of a resource, padded, in a color of its own.</summary>
    public string Prefix(string name) => prefixes.GetOrAdd(name, _ =>
    {
        var padded = name.PadRight(Width);
        return colored ? $"\e[{Colors[prefixes.Count % Colors.Length]}m{padded}\e[0m | " : $"{padded} | ";
    });

    public string Error(string line) => colored ? $"\e[31m{line}\e[0m" : line;
}
