using System.Globalization;
using System.Text;
using System.Text.Json;
using Operations.Broker;

namespace Operations.Auditing;

/// <summary>
/// What a message can be found by: ids, type, endpoints' names, what went wrong, and the values in a JSON body. Words
/// are made here and not by the database, whose parser takes an id apart as it likes; an id is one word, with or
/// without hyphens.
/// </summary>
internal static class SearchWords
{
    private const int MostWords = 400;
    private const int LongestWord = 60;
    private const int MostText = 64 * 1024;
    private const int MostOfError = 1000;

    // What no two messages share, or all do, is worth no place in the index: times, machines, versions.
    private static readonly string[] Searched =
    [
        HeaderNames.MessageId, HeaderNames.CorrelationId, HeaderNames.ConversationId, HeaderNames.RelatedTo,
        HeaderNames.SagaId, HeaderNames.OriginatingSagaId, HeaderNames.InvokedSagas, HeaderNames.OriginatingEndpoint,
        HeaderNames.ProcessingEndpoint, HeaderNames.FailedQueue, HeaderNames.ExceptionType,
        HeaderNames.ExceptionMessage, "traceparent",
    ];

    /// <summary>The message's words, each once.</summary>
    public static string[] Of(IReadOnlyDictionary<string, string> headers, string? messageType, ReadOnlySpan<byte> body)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        Add(words, messageType);
        foreach (var name in Searched)
        {
            if (headers.TryGetValue(name, out var value))
                Add(words, value.AsSpan(0, Math.Min(value.Length, MostOfError)));
        }

        // Headers of the application's own.
        foreach (var (name, value) in headers)
        {
            if (!name.StartsWith("NServiceBus.", StringComparison.Ordinal)
                && !name.StartsWith("ServiceControl.", StringComparison.Ordinal)
                && !name.StartsWith("$.", StringComparison.Ordinal))
                Add(words, value);
        }

        AddBody(words, body[..Math.Min(body.Length, MostText)], headers.GetValueOrDefault(HeaderNames.ContentType));
        return [.. words];
    }

    /// <summary>
    /// A tsquery that finds the messages with all these words, or words that begin so; null where there is no word.
    /// </summary>
    public static string? Query(string text)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        Add(words, text);
        // Words have letters and digits alone: nothing in them could be taken for a part of the query's language.
        return words.Count == 0 ? null : string.Join(" & ", words.Select(word => $"'{word}':*"));
    }

    private static void AddBody(HashSet<string> words, ReadOnlySpan<byte> body, string? contentType)
    {
        if (body.IsEmpty || contentType?.Contains("json", StringComparison.OrdinalIgnoreCase) == false
            && !contentType.Contains("xml", StringComparison.OrdinalIgnoreCase)
            && !contentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase))
            return;
        var known = words.ToArray();
        try
        {
            // Names of properties are those of the type: they would find every message of it.
            var reader = new Utf8JsonReader(body);
            while (words.Count < MostWords && reader.Read())
            {
                if (reader.TokenType == JsonTokenType.String)
                    Add(words, reader.GetString());
                else if (reader.TokenType == JsonTokenType.Number)
                    Add(words, Encoding.UTF8.GetString(reader.ValueSpan));
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, or cut off: its words as they stand.
            words.IntersectWith(known);
            Add(words, Encoding.UTF8.GetString(body));
        }
    }

    private static void Add(HashSet<string> words, ReadOnlySpan<char> text)
    {
        while (words.Count < MostWords)
        {
            var start = 0;
            while (start < text.Length && !char.IsLetterOrDigit(text[start]))
                start++;
            text = text[start..];
            if (text.IsEmpty)
                return;
            var length = IdLength(text);
            if (length > 0)
            {
                words.Add(text[..length].ToString().Replace("-", "", StringComparison.Ordinal).ToLowerInvariant());
            }
            else
            {
                while (length < text.Length && char.IsLetterOrDigit(text[length]))
                    length++;
                AddWord(words, text[..length]);
            }

            text = text[length..];
        }
    }

    /// <summary>Whole, and the words that a name like OrderPlaced is made of.</summary>
    private static void AddWord(HashSet<string> words, ReadOnlySpan<char> word)
    {
        if (word.Length > LongestWord)
            word = word[..LongestWord];
        words.Add(word.ToString().ToLower(CultureInfo.InvariantCulture));
        var begin = 0;
        for (var i = 1; i <= word.Length; i++)
        {
            if (i < word.Length && !(char.IsUpper(word[i]) && char.IsLower(word[i - 1])))
                continue;
            if (begin > 0)
                words.Add(word[begin..i].ToString().ToLower(CultureInfo.InvariantCulture));
            begin = i;
        }
    }

    /// <summary>How long the id is that the text begins with: 36, or 0.</summary>
    private static int IdLength(ReadOnlySpan<char> text) =>
        text.Length >= 36 && Guid.TryParseExact(text[..36], "D", out _)
            && (text.Length == 36 || !char.IsLetterOrDigit(text[36]))
                ? 36
                : 0;
}
