using System.Globalization;

namespace Operations.Broker;

/// <summary>Times as headers have them: <c>yyyy-MM-dd HH:mm:ss:ffffff Z</c>, UTC.</summary>
internal static class WireTime
{
    private const string Wire = "yyyy-MM-dd HH:mm:ss:ffffff Z";

    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(Wire, CultureInfo.InvariantCulture);

    /// <summary>The time; null where the text is none.</summary>
    public static DateTime? Parse(string? text)
    {
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTime.TryParseExact(text, Wire, CultureInfo.InvariantCulture, utc, out var exact))
            return exact;
        return DateTime.TryParse(text, CultureInfo.InvariantCulture, utc, out var lenient) ? lenient : null;
    }
}
