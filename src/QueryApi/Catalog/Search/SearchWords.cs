using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;

namespace QueryApi.Catalog.Search;

/// <summary>The words of a search text, cut the same way for both engines.</summary>
/// <param name="All">Lower case, letters and digits, each once, in the order typed.</param>
/// <param name="Text">The text itself, lower case: to rank highest what is named just so, and to find SKUs.</param>
internal sealed partial record SearchWords(IReadOnlyList<string> All, string Text)
{
    private const int Most = 10;

    /// <summary>Words that say nothing about a product; only where nothing else was typed they count.</summary>
    private static readonly FrozenSet<string> Fillers = FrozenSet.ToFrozenSet(
        ["a", "an", "and", "are", "at", "by", "for", "from", "in", "is", "it", "of", "on", "or", "the", "to", "with"]);

    public static SearchWords None { get; } = new([], "");

    /// <summary>How many of the words a product has to match: all of up to two, all but one of more.</summary>
    public int Needed => All.Count > 2 ? All.Count - 1 : All.Count;

    public static SearchWords Of(string? text)
    {
        var words = Cut(text ?? "").Distinct().ToList();
        var telling = words.Where(word => !Fillers.Contains(word)).ToList();
        return words.Count == 0
            ? None
            : new SearchWords([.. (telling.Count > 0 ? telling : words).Take(Most)], text!.Trim().ToLowerInvariant());
    }

    /// <summary>
    /// The words of a text that is still being typed: fillers too, as any may be the beginning of another.
    /// </summary>
    public static IReadOnlyList<string> Beginnings(string text) => [.. Cut(text).Distinct().Take(Most)];

    private static IEnumerable<string> Cut(string text) =>
        Word().Matches(Possessive().Replace(text, "")).Select(match => match.Value.ToLowerInvariant());

    [GeneratedRegex(@"[\p{L}\p{M}\p{Nd}]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"['’]s\b", RegexOptions.IgnoreCase)]
    private static partial Regex Possessive();
}
