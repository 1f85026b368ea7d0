using System.Globalization;

namespace Operations.Console.Events;

/// <summary>Which events are looked for, newest first. What is null is open; all that is said must hold.</summary>
/// <param name="Before">Below this position: where the page before has ended.</param>
internal sealed record EventQuery(
    string? Stream, string? Type, string? Tenant, string? Tag, DateTime? Since, DateTime? Until, long Before, int Size)
{
    private const int DefaultSize = 50;
    private const int LargestSize = 200;
    private const int LongestText = 1000;

    /// <summary>Whether the log itself is walked and each event on the way is looked at.</summary>
    public bool Checks => Tenant is not null || Since is not null || Until is not null;

    /// <exception cref="InvalidDataException">One of them is not what it should be; the message says which.</exception>
    public static EventQuery Of(IQueryCollection asked)
    {
        return new EventQuery(
            Text("stream"), Text("type"), Text("tenant"), Text("tag"), Time("since"), Time("until"),
            Number("before", long.MaxValue, long.MaxValue), (int)Number("size", DefaultSize, LargestSize));

        string? Text(string name) => asked[name].ToString().Trim() switch
        {
            "" => null,
            { Length: > LongestText } => throw Bad(name, $"is longer than {LongestText} characters"),
            var text when text.Contains('\0', StringComparison.Ordinal) => throw Bad(name, "has a NUL character"),
            var text => text,
        };

        DateTime? Time(string name) => Text(name) is not { } text
            ? null
            : DateTime.TryParse(
                text,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var time)
                ? time
                : throw Bad(name, $"'{text}' is no time: say it as 2026-01-31T12:00:00Z");

        long Number(string name, long otherwise, long most) => Text(name) is not { } text
            ? otherwise
            : long.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most
                ? number
                : throw Bad(name, $"'{text}' is no number from 1 to {most}");
    }

    private static InvalidDataException Bad(string name, string why) => new($"{name}: {why}.");
}
