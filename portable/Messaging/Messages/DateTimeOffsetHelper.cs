using System.Globalization;

namespace Portable.Messaging;

/// <summary>Times as they are written in headers: <c>yyyy-MM-dd HH:mm:ss:ffffff Z</c>, UTC.</summary>
public static class DateTimeOffsetHelper
{
    private const string Format = "yyyy-MM-dd HH:mm:ss:ffffff Z";

    public static string ToWireFormattedString(DateTimeOffset dateTime) =>
        dateTime.ToUniversalTime().ToString(Format, CultureInfo.InvariantCulture);

    /// <exception cref="FormatException">The text is not of that format.</exception>
    public static DateTimeOffset ToDateTimeOffset(string wireFormattedString) =>
        TryParse(wireFormattedString, out var time)
            ? time
            : throw new FormatException($"'{wireFormattedString}' is not a time of the format '{Format}'.");

    internal static bool TryParse(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(
            text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
}
