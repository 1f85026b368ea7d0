using System.Globalization;
using Operations.Auditing;

namespace Operations.Messages;

/// <summary>Which messages a list is of, failed and handled ones alike.</summary>
/// <param name="Words">All of them are in the message, or words that begin so.</param>
/// <param name="Endpoint">Who handled it.</param>
/// <param name="From">Sent at this time or later.</param>
/// <param name="To">Sent at this time or earlier.</param>
/// <param name="WithSystemMessages">Also those by which endpoints talk to tools.</param>
internal sealed record MessageFilter(
    string? Words = null, string? Endpoint = null, DateTime? From = null, DateTime? To = null,
    string? Conversation = null, bool WithSystemMessages = false)
{
    /// <summary>No message that is kept can be left out by anything but the endpoint: the counts know how many.</summary>
    public bool IsCounted =>
        Query is null && From is null && To is null && Conversation is null && !WithSystemMessages;

    /// <summary>The search as the database takes it; null where nothing is searched.</summary>
    public string? Query => string.IsNullOrWhiteSpace(Words) ? null : SearchWords.Query(Words) ?? "'\uFFFF'";

    /// <summary>
    /// The condition on a table <c>m</c> of handled or of failed messages, from constant texts only; what the caller
    /// gave is in the parameters.
    /// </summary>
    /// <param name="values">The statement's parameters so far; those of the condition are appended.</param>
    public string Where(List<object?> values)
    {
        List<string> conditions = [];
        // Also where words are searched: what many messages have is found along the index of the order.
        if (!WithSystemMessages && Conversation is null)
            conditions.Add("not m.is_system");
        if (Query is { } query)
            conditions.Add($"m.words @@ {Value(query)}::tsquery");
        if (!string.IsNullOrWhiteSpace(Endpoint))
            conditions.Add($"m.receiving_name = {Value(Endpoint)}");
        if (From is { } from)
            conditions.Add($"m.time_sent >= {Value(from)}");
        if (To is { } to)
            conditions.Add($"m.time_sent <= {Value(to)}");
        if (Conversation is { } conversation)
            conditions.Add($"m.conversation_id = {Value(conversation)}");
        return conditions.Count == 0 ? "true" : string.Join(" and ", conditions);

        string Value(object value)
        {
            values.Add(value);
            return $"${values.Count}";
        }
    }

    /// <summary>A time as the page sends it; null where it sends none.</summary>
    /// <exception cref="BadHttpRequestException">It is no time.</exception>
    public static DateTime? Time(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTime.TryParse(text, CultureInfo.InvariantCulture, utc, out var time)
            ? time
            : throw new BadHttpRequestException(
                $"'{text}' is no time: say it in ISO 8601, such as 2026-01-31T12:00:00Z.");
    }
}
