using System.Globalization;
using System.Text.Json.Nodes;

namespace Commerce.EventLog.Tests;

/// <summary>
/// An event as a version of the program wrote it: <c>Golden/TYPE.VERSION.json</c> with <c>stored</c>, the data in the
/// log, and, for versions that are no longer written, <c>reads</c>: what it is read as today, in today's JSON.
/// </summary>
public sealed record GoldenFile(string Type, int SchemaVersion, JsonObject Stored, JsonNode? Reads)
{
    public static IReadOnlyList<GoldenFile> All { get; } =
        [.. typeof(GoldenFile).Assembly.GetManifestResourceNames().Order(StringComparer.Ordinal).Select(Read)];

    public override string ToString() => $"{Type}.{SchemaVersion}.json";

    private static GoldenFile Read(string name)
    {
        using var stream = typeof(GoldenFile).Assembly.GetManifestResourceStream(name)!;
        var file = JsonNode.Parse(stream)!.AsObject();
        var dot = name.LastIndexOf('.');
        return new GoldenFile(
            name[..dot],
            int.Parse(name.AsSpan(dot + 1), CultureInfo.InvariantCulture),
            file["stored"]!.AsObject(),
            file["reads"]);
    }
}
