using System.Globalization;

namespace QueryApi.Consistency;

/// <summary>The headers that say how fresh an answer is.</summary>
internal static class FreshnessHeaders
{
    public const string ReadPosition = "Read-Position";
    public const string StalenessMs = "Staleness-Ms";

    /// <summary>RFC 9111 dropped it and offers nothing instead; it is what clients know.</summary>
    private const string ResponseIsStale = "110 - \"Response is Stale\"";

    private static volatile Formatted last = new(0, "0");

    /// <param name="stale">Why the answer may be older than usual; goes to <c>Warning</c>.</param>
    public static void Write(IHeaderDictionary headers, ReadMark mark, string? stale)
    {
        headers[ReadPosition] = Text(mark.Position);
        if (mark.Staleness is { } age)
            headers[StalenessMs] = Math.Max(0, (long)age.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        if (stale is not null)
            headers.Warning = $"{ResponseIsStale}, 111 - \"Revalidation Failed\", 199 - \"{stale}\"";
    }

    /// <summary>Thousands of answers in a row show the same position: it is put into digits once.</summary>
    private static string Text(long position)
    {
        var known = last;
        if (known.Position != position)
            last = known = new Formatted(position, position.ToString(CultureInfo.InvariantCulture));
        return known.Text;
    }

    private sealed record Formatted(long Position, string Text);
}
