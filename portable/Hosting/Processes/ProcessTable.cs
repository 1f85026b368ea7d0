using System.Globalization;

namespace Portable.Hosting.Processes;

/// <summary>Reads Linux's /proc.</summary>
internal static class ProcessTable
{
    /// <summary>Command line of a process; empty if there is no such process or it may not be read.</summary>
    public static IReadOnlyList<string> Arguments(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/cmdline").TrimEnd('\0').Split('\0');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Name and id of the process that listens on a TCP port, such as <c>dotnet (process 1234)</c>.</summary>
    public static string ListenerOn(int port)
    {
        var sockets = Listeners("/proc/net/tcp", port).Concat(Listeners("/proc/net/tcp6", port)).ToHashSet();
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out var id)) continue;
            if (Holds(id, sockets)) return $"{Name(id)} (process {id})";
        }
        return "another program";
    }

    private static IEnumerable<string> Listeners(string table, int port)
    {
        if (!File.Exists(table)) yield break;
        var suffix = $":{port:X4}";
        foreach (var line in File.ReadLines(table).Skip(1))
        {
            // sl local_address rem_address st … inode; state 0A is LISTEN
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 9 && fields[3] == "0A" && fields[1].EndsWith(suffix, StringComparison.Ordinal))
                yield return $"socket:[{fields[9]}]";
        }
    }

    private static bool Holds(int id, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{id}/fd")
                .Any(file => File.ResolveLinkTarget(file, false)?.Name is { } target && sockets.Contains(target));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Name(int id) => Path.GetFileName(Arguments(id).FirstOrDefault() ?? "a program");
}
