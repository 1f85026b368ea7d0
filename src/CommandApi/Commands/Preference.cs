using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace CommandApi.Commands;

/// <summary>The header <c>Prefer</c> (RFC 7240), of which <c>wait</c> is honored.</summary>
internal static class Preference
{
    /// <summary>The longest wait; a longer one asked for counts as this.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the client would wait for the outcome; zero where it does not say. As section 2 of the RFC has it, the
    /// first <c>wait</c> counts, names ignore case, values may be quoted, parameters and what is not understood are
    /// ignored.
    /// </summary>
    public static TimeSpan Wait(StringValues prefer)
    {
        foreach (var header in prefer)
        {
            foreach (var preference in Split(header ?? "", ','))
            {
                var pair = Split(preference, ';')[0].Split('=', 2, StringSplitOptions.TrimEntries);
                if (!pair[0].Equals("wait", StringComparison.OrdinalIgnoreCase))
                    continue;
                return pair.Length == 2
                    && int.TryParse(pair[1].Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                    ? TimeSpan.FromSeconds(Math.Min(seconds, LongestWait.TotalSeconds))
                    : TimeSpan.Zero;
            }
        }

        return TimeSpan.Zero;
    }

    /// <summary>Splits outside of quoted strings, in which separators and escaped quotes may stand.</summary>
    private static List<string> Split(string text, char separator)
    {
        List<string> parts = [];
        var start = 0;
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (quoted && text[i] == '\\')
                i++;
            else if (text[i] == '"')
                quoted = !quoted;
            else if (text[i] == separator && !quoted)
            {
                parts.Add(text[start..i].Trim());
                start = i + 1;
            }
        }

        parts.Add(text[Math.Min(start, text.Length)..].Trim());
        return parts;
    }
}
