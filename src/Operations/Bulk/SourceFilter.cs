using Operations.FailedMessages;
using Operations.Groups;

namespace Operations.Bulk;

/// <summary>The condition of the messages that an operation takes.</summary>
internal static class SourceFilter
{
    /// <summary>From constant texts; values are appended to the parameters.</summary>
    /// <remarks>
    /// Only messages that last changed before the operation began: one that fails again meanwhile is not taken twice.
    /// </remarks>
    public static string Of(BulkOperation operation, List<object?> values)
    {
        var request = operation.Request;
        List<string> conditions =
        [
            $"m.status = {(int)request.Source}", $"m.modified_at <= {Value(operation.StartedAt)}",
        ];
        if (request.Kind == OperationKind.Retry)
            conditions.Add("m.queue is not null and m.staged_by is null");
        if (request.Group is { } group)
            conditions.Add($"m.{group.Classifier.Column()} = {Value(group.Id)}");
        if (request.Queue is { } queue)
            conditions.Add($"m.queue = {Value(queue)}");
        if (request.Ids is { } ids)
            conditions.Add($"m.id = any ({Value(ids)})");
        if (request.Modified is var (from, to))
            conditions.Add($"m.modified_at between {Value(from)} and {Value(to)}");
        return string.Join(" and ", conditions);

        string Value(object value)
        {
            values.Add(value);
            return $"${values.Count}";
        }
    }
}
