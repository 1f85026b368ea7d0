using Operations.Bulk;
using Operations.FailedMessages;
using Operations.Http;

namespace Operations.Groups;

/// <summary>Groups of failed messages, and what can be done with a whole group.</summary>
internal static class GroupRoutes
{
    private static readonly string[] GetOrHead = ["GET", "HEAD"];

    public static void MapGroups(this IEndpointRouteBuilder api)
    {
        var groups = api.MapGroup("/recoverability");
        groups.MapGet("/classifiers", (Paging paging) =>
            ApiAnswer.Of(Classifiers.Names.ToArray(), paging, Classifiers.Names.Count()));
        groups.MapGet("/groups/{classifier?}", List);
        groups.MapGet("/groups/id/{id:guid}", (
            Guid id, FailedMessageGroups store, CancellationToken cancellationToken) =>
            Find(id, FailedMessageStatus.Unresolved, store, cancellationToken));
        groups.MapMethods("/groups/{id:guid}/errors", GetOrHead, Errors);
        groups.MapPost("/groups/{id:guid}/comment", async (
            Guid id, string comment, FailedMessageGroups store, CancellationToken cancellationToken) =>
        {
            await store.Comment(id, comment, cancellationToken);
            return Results.Accepted();
        });
        groups.MapDelete("/groups/{id:guid}/comment", async (
            Guid id, FailedMessageGroups store, CancellationToken cancellationToken) =>
        {
            await store.Comment(id, null, cancellationToken);
            return Results.Accepted();
        });
        MapOperation(groups, "retry", OperationKind.Retry, FailedMessageStatus.Unresolved);
        MapOperation(groups, "archive", OperationKind.Archive, FailedMessageStatus.Unresolved);
        MapOperation(groups, "unarchive", OperationKind.Restore, FailedMessageStatus.Archived);
        groups.MapDelete("/unacknowledgedgroups/{id}", async (
            string id, BulkOperations operations, CancellationToken cancellationToken) =>
            await operations.Acknowledge(id, cancellationToken) ? Results.Ok() : Results.NotFound());
        groups.MapGet("/history", async (BulkOperations operations, CancellationToken cancellationToken) =>
            ApiAnswer.Of(new RetryHistory(
                (await operations.LastRetries(cancellationToken)).ConvertAll(HistoricRetry.Of),
                (await operations.UnacknowledgedRetries(cancellationToken)).ConvertAll(UnacknowledgedRetry.Of))));

        api.MapGet("/errors/groups/{classifier?}", async (
            string? classifier, FailedMessageGroups store, CancellationToken cancellationToken) =>
            Named(classifier) is { } known
                ? ApiAnswer.Of(await store.List(known, FailedMessageStatus.Archived, null, cancellationToken))
                : Results.NotFound());
        api.MapGet("/archive/groups/id/{id:guid}", (
            Guid id, FailedMessageGroups store, CancellationToken cancellationToken) =>
            Find(id, FailedMessageStatus.Archived, store, cancellationToken));
    }

    private static async Task<IResult> List(
        string? classifier, string? classifierFilter, FailedMessageGroups store, CancellationToken cancellationToken)
    {
        var title = classifierFilter is null or "" or "undefined" ? null : classifierFilter;
        return Named(classifier) is { } known
            ? ApiAnswer.Of(await store.Open(known, title, cancellationToken))
            : Results.NotFound();
    }

    private static async Task<IResult> Find(
        Guid id, FailedMessageStatus status, FailedMessageGroups store, CancellationToken cancellationToken) =>
        await store.Find(id, status, cancellationToken) is { } group ? ApiAnswer.Of(group) : Results.NotFound();

    private static async Task<IResult> Errors(
        Guid id, string? status, string? modified, string? sort, string? direction, Paging paging,
        FailedMessageGroups store, FailedMessageReader messages, CancellationToken cancellationToken)
    {
        if (await store.Name(id, cancellationToken) is not { } group)
            return ApiAnswer.Of(Array.Empty<FailedMessageView>(), paging, 0);
        var filter = new FailedMessageFilter(status, modified, Group: (group.Classifier, id));
        return await FailedMessageRoutes.Page(filter, sort, direction, paging, messages, cancellationToken);
    }

    private static void MapOperation(
        IEndpointRouteBuilder groups, string verb, OperationKind kind, FailedMessageStatus source) =>
        groups.MapPost($"/groups/{{id:guid}}/errors/{verb}", async (
            Guid id, Operator who, FailedMessageGroups store, BulkOperations operations,
            CancellationToken cancellationToken) =>
        {
            if (await store.Name(id, cancellationToken) is not { } group)
                return Results.NotFound();
            var request = new OperationRequest(
                kind, OperationScope.FailureGroup, id.ToString(), group.Title, source)
            {
                Group = (group.Classifier, id),
            };
            await operations.Start(request, who, cancellationToken);
            return Results.Accepted();
        });

    private static Classifier? Named(string? name) =>
        string.IsNullOrEmpty(name) ? Classifier.Exception : Classifiers.Find(name);
}
