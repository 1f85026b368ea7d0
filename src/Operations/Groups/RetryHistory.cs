using Operations.Bulk;

namespace Operations.Groups;

/// <summary>The last ten retries, and those whose end nobody has acknowledged.</summary>
internal sealed record RetryHistory(
    List<HistoricRetry> HistoricOperations, List<UnacknowledgedRetry> UnacknowledgedOperations);

internal sealed record HistoricRetry(
    string RequestId, OperationScope RetryType, DateTime StartTime, DateTime? CompletionTime, string? Originator,
    bool Failed, int NumberOfMessagesProcessed)
{
    public static HistoricRetry Of(BulkOperation operation) => new(
        operation.Request.RequestId, operation.Request.Scope, operation.StartedAt, operation.CompletedAt,
        operation.Request.Originator, false, operation.Done);
}

internal sealed record UnacknowledgedRetry(
    string RequestId, OperationScope RetryType, DateTime StartTime, DateTime? CompletionTime, DateTime? Last,
    string? Originator, string? Classifier, bool Failed, int NumberOfMessagesProcessed)
{
    public static UnacknowledgedRetry Of(BulkOperation operation) => new(
        operation.Request.RequestId, operation.Request.Scope, operation.StartedAt, operation.CompletedAt,
        operation.LastFailedAt, operation.Request.Originator, operation.Request.Group?.Classifier.Name(), false,
        operation.Done);
}
