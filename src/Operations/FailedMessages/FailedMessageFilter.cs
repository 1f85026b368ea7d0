using System.Globalization;
using Operations.Groups;

namespace Operations.FailedMessages;

/// <summary>Which failed messages a list is of.</summary>
/// <param name="Status">Names separated by commas, such as <c>unresolved</c>; with a minus in front all but that
/// one.</param>
/// <param name="Modified">The time span of the last change, <c>from...to</c>.</param>
internal sealed record FailedMessageFilter(
    string? Status = null,
    string? Modified = null,
    string? Queue = null,
    string? Endpoint = null,
    (Classifier Classifier, Guid Id)? Group = null)
{
    private static readonly FailedMessageStatus[] Statuses = Enum.GetValues<FailedMessageStatus>();

    /// <summary>The condition, from constant texts only; what the caller gave is in the parameters.</summary>
    /// <param name="values">The statement's parameters so far; those of the condition are appended.</param>
    /// <exception cref="BadHttpRequestException">The time span is none.</exception>
    public string Where(List<object?> values)
    {
        List<string> conditions = [];
        var statuses = Asked();
        // A literal, so that the partial indexes fit.
        if (statuses.Length == 1)
            conditions.Add($"m.status = {(int)statuses[0]}");
        else if (statuses.Length < Statuses.Length)
            conditions.Add($"m.status in ({string.Join(',', statuses.Select(status => (int)status))})");
        if (Group is { } group)
            conditions.Add($"m.{group.Classifier.Column()} = {Value(group.Id)}");
        if (!string.IsNullOrEmpty(Queue))
            conditions.Add($"m.queue = {Value(Queue)}");
        if (!string.IsNullOrEmpty(Endpoint))
            conditions.Add($"m.receiving_name = {Value(Endpoint)}");
        if (TimeSpan(Modified) is var (from, to))
            conditions.Add($"m.modified_at between {Value(from)} and {Value(to)}");
        return conditions.Count == 0 ? "true" : string.Join(" and ", conditions);

        string Value(object value)
        {
            values.Add(value);
            return $"${values.Count}";
        }
    }

    /// <summary>The two ends of <c>from...to</c>; null where nothing is asked.</summary>
    /// <exception cref="BadHttpRequestException">It is no time span.</exception>
    public static (DateTime From, DateTime To)? TimeSpan(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        return text.Split("...") is [var from, var to] && Time(from) is { } first && Time(to) is { } last
            ? (first, last)
            : throw new BadHttpRequestException(
                $"'{text}' is no time span: say from...to in ISO 8601, such as "
                + "2026-01-01T00:00:00Z...2026-01-02T00:00:00Z.");
    }

    private static DateTime? Time(string text) => DateTime.TryParse(
        text,
        CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
        out var time)
        ? time
        : null;

    private FailedMessageStatus[] Asked()
    {
        var names = (Status ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var wanted = names.Where(name => !name.StartsWith('-')).Select(Named).OfType<FailedMessageStatus>().ToArray();
        var unwanted = names.Where(name => name.StartsWith('-')).Select(name => Named(name[1..])).ToArray();
        return [.. (wanted.Length > 0 ? wanted : Statuses).Where(status => !unwanted.Contains(status)).Distinct()];
    }

    private static FailedMessageStatus? Named(string name) =>
        Enum.TryParse<FailedMessageStatus>(name, ignoreCase: true, out var status) && Enum.IsDefined(status)
            ? status
            : null;
}
