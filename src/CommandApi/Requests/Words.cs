using System.Globalization;

namespace CommandApi.Requests;

/// <summary>How validation puts things: what must be, and what was.</summary>
internal static class Words
{
    private const int LongestValue = 60;

    /// <summary>Names the way out and the value, text in quotes and cut where it is long.</summary>
    public static string Must(string expected, object? value) => $"must be {expected}, was {Show(value)}";

    private static string Show(object? value) => value switch
    {
        null => "nothing",
        string { Length: > LongestValue } text => $"'{text[..LongestValue]}…' ({text.Length} characters)",
        string text => $"'{text}'",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
