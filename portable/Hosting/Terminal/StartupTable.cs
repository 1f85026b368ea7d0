using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting.Terminal;

/// <summary>State and URL of each resource, as text.</summary>
internal static class StartupTable
{
    public static IEnumerable<string> Lines(
        IEnumerable<ResourceEvent> resources, ResourceEvent? dashboard, string? logFolder)
    {
        var rows = resources.Select(known => (
            Name: known.ResourceId,
            State: State(known),
            Urls: Urls(known.Snapshot))).ToList();
        if (dashboard is not null) rows.Insert(0, ("dashboard", State(dashboard), Urls(dashboard.Snapshot)));
        var (name, state) = (rows.Max(row => row.Name.Length), rows.Max(row => row.State.Length));
        foreach (var row in rows)
        {
            yield return $"  {row.Name.PadRight(name)}  {row.State.PadRight(state)}  {row.Urls.FirstOrDefault()}".TrimEnd();
            foreach (var url in row.Urls.Skip(1)) yield return $"  {"".PadRight(name)}  {"".PadRight(state)}  {url}";
        }
        if (logFolder is not null) yield return $"  {"logs".PadRight(name)}  {"".PadRight(state)}  {logFolder}";
    }

    private static string State(ResourceEvent known)
    {
        if (known.Resource.IsUnavailable()) return "left out";
        var state = known.Snapshot.State?.Text ?? "";
        return state == KnownResourceStates.Running && known.Snapshot.HealthReports.Length > 0
            ? $"{known.Snapshot.HealthStatus}"
            : state;
    }

    private static List<string> Urls(CustomResourceSnapshot snapshot) =>
        [.. snapshot.Urls.Where(url => !url.IsInternal).Select(url => url.Url)];
}
