using Npgsql;
using Operations.Bulk;
using Operations.FailedMessages;
using Operations.Storage;

namespace Operations.Groups;

/// <summary>A group as the list of groups shows it, with the operation on it.</summary>
internal sealed record GroupOperation(
    Guid Id, string Title, string Type, int Count, string? Comment, DateTime? First, DateTime? Last)
{
    /// <summary>
    /// None, Waiting, Preparing, Forwarding, Completed; ArchiveStarted, ArchiveProgressing, ArchiveCompleted.
    /// </summary>
    public string OperationStatus { get; init; } = "None";

    public bool? OperationFailed { get; init; }

    public double OperationProgress { get; init; }

    public int? OperationRemainingCount { get; init; }

    public int? OperationMessagesCompletedCount { get; init; }

    public DateTime? OperationStartTime { get; init; }

    public DateTime? OperationCompletionTime { get; init; }

    public bool NeedUserAcknowledgement { get; init; }
}

/// <summary>A group alone.</summary>
internal sealed record GroupSummary(
    Guid Id, string Title, string Type, int Count, string? Comment, DateTime First, DateTime Last);

/// <summary>Groups of failed messages.</summary>
internal sealed class FailedMessageGroups(
    [FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database, BulkOperations operations)
{
    private static readonly string ListGroups = Sql.Beside<FailedMessageGroups>("list-groups");

    /// <summary>
    /// Groups of unresolved messages with what is being done on them, and those whose last message is gone while that
    /// goes on or until somebody has seen its end. Newest failure first.
    /// </summary>
    /// <param name="title">Only the group of this title; null for all.</param>
    public async Task<List<GroupOperation>> Open(
        Classifier classifier, string? title, CancellationToken cancellationToken)
    {
        var open = await List(classifier, FailedMessageStatus.Unresolved, title, cancellationToken);
        var running = (await operations.OnGroups((short)classifier, cancellationToken))
            .GroupBy(operation => operation.Request.RequestId)
            .ToDictionary(group => group.Key, group => group.Last());
        var ended = await operations.LastGroupRetries(cancellationToken);

        var groups = open.ConvertAll(group =>
        {
            var shown = new GroupOperation(
                group.Id, group.Title, group.Type, group.Count, group.Comment, group.First, group.Last)
            {
                OperationCompletionTime =
                    ended.TryGetValue(group.Id.ToString(), out var at) ? at : null,
            };
            return running.Remove(group.Id.ToString(), out var operation) ? With(shown, operation) : shown;
        });
        if (title is null)
            groups.AddRange(running.Values.Select(operation => Closed(operation, classifier)));
        return [.. groups.OrderByDescending(group => group.Last)];
    }

    public async Task<List<GroupSummary>> List(
        Classifier classifier, FailedMessageStatus status, string? title, CancellationToken cancellationToken)
    {
        var sql = ListGroups
            .Replace("{group}", classifier.Column(), StringComparison.Ordinal)
            .Replace("{status}", ((int)status).ToString(null, null), StringComparison.Ordinal);
        await using var command = database.CreateCommand(sql).With(title);
        return await command.Read(
            row => new GroupSummary(
                row.GetGuid(0), row.GetString(1), classifier.Name(), (int)row.GetInt64(2), row.Maybe<string>(3),
                row.GetDateTime(4), row.GetDateTime(5)),
            cancellationToken);
    }

    /// <summary>The group with its messages of this status; null where it has none.</summary>
    public async Task<GroupSummary?> Find(Guid id, FailedMessageStatus status, CancellationToken cancellationToken) =>
        await Name(id, cancellationToken) is { } group
            ? (await List(group.Classifier, status, group.Title, cancellationToken)).FirstOrDefault()
            : null;

    /// <summary>What a group is called; null where there has never been one of this id.</summary>
    public async Task<MessageGroup?> Name(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql.Beside<FailedMessageGroups>("find-group")).With(id);
        var found = await command.Read(
            row => new MessageGroup(row.GetGuid(0), (Classifier)row.GetInt16(1), row.GetString(2)), cancellationToken);
        return found.FirstOrDefault();
    }

    /// <param name="comment">Null to remove it.</param>
    public Task Comment(Guid id, string? comment, CancellationToken cancellationToken) =>
        database.Execute(Sql.Beside<FailedMessageGroups>("comment-group"), cancellationToken, id, comment);

    private static GroupOperation Closed(BulkOperation operation, Classifier classifier) => With(
        new GroupOperation(
            Guid.Parse(operation.Request.RequestId),
            operation.Request.Originator ?? "",
            classifier.Name(),
            operation.CompletedAt is null ? operation.Remaining : operation.Done,
            null,
            null,
            operation.LastFailedAt ?? operation.StartedAt),
        operation);

    private static GroupOperation With(GroupOperation group, BulkOperation operation) => group with
    {
        OperationStatus = Words(operation),
        OperationFailed = false,
        OperationProgress = operation.Progress,
        OperationRemainingCount = operation.Remaining,
        OperationMessagesCompletedCount = operation.Request.Kind == OperationKind.Archive ? operation.Done : null,
        OperationStartTime = operation.StartedAt,
        OperationCompletionTime = operation.CompletedAt ?? group.OperationCompletionTime,
        NeedUserAcknowledgement = operation.CompletedAt is not null,
    };

    private static string Words(BulkOperation operation) => (operation.Request.Kind, operation.State) switch
    {
        (OperationKind.Retry, _) => operation.State.ToString(),
        (_, OperationState.Waiting) => "ArchiveStarted",
        (_, OperationState.Completed) => "ArchiveCompleted",
        _ => "ArchiveProgressing",
    };
}
