using Operations.Http;

namespace Operations.FailedMessages;

/// <summary>Lists and details of failed messages.</summary>
internal static class FailedMessageRoutes
{
    private static readonly string[] GetOrHead = ["GET", "HEAD"];

    public static void MapFailedMessages(this IEndpointRouteBuilder api)
    {
        api.MapMethods("/errors", GetOrHead, List);
        api.MapGet("/endpoints/{name}/errors", (
            string name, string? status, string? modified, string? sort, string? direction, Paging paging,
            FailedMessageReader messages, CancellationToken cancellationToken) => Page(
                new FailedMessageFilter(status, modified, Endpoint: name), sort, direction, paging, messages,
                cancellationToken));
        api.MapGet("/errors/summary", async (FailedMessageReader messages, CancellationToken cancellationToken) =>
            ApiAnswer.Of(await messages.Summary(cancellationToken)));
        api.MapGet("/errors/queues/addresses", async (
            Paging paging, FailedMessageReader messages, CancellationToken cancellationToken) =>
        {
            var queues = await messages.Queues(cancellationToken);
            return ApiAnswer.Of(queues.Skip((int)paging.Offset).Take(paging.Size), paging, queues.Count);
        });
        api.MapGet("/errors/last/{id}", async (
            string id, FailedMessageReader messages, CancellationToken cancellationToken) =>
            await Find(id, messages, cancellationToken) is { } found ? ApiAnswer.Of(found.View) : Results.NotFound());
        api.MapGet("/errors/{id}", async (
            string id, FailedMessageReader messages, CancellationToken cancellationToken) =>
            Guid.TryParse(id, out var known) && await messages.Detail(known, cancellationToken) is { } detail
                ? ApiAnswer.Of(detail)
                : Results.NotFound());
    }

    /// <summary>The page of a list, with how many there are in all.</summary>
    public static async Task<IResult> Page(
        FailedMessageFilter filter, string? sort, string? direction, Paging paging, FailedMessageReader messages,
        CancellationToken cancellationToken)
    {
        var total = messages.Count(filter, cancellationToken);
        var page = messages.List(filter, FailedMessageOrder.Of(sort, direction), paging, cancellationToken);
        return ApiAnswer.Of(await page, paging, await total);
    }

    private static Task<IResult> List(
        string? status, string? modified, string? queueAddress, string? sort, string? direction, Paging paging,
        FailedMessageReader messages, CancellationToken cancellationToken) => Page(
            new FailedMessageFilter(status, modified, queueAddress), sort, direction, paging, messages,
            cancellationToken);

    private static Task<FailedMessageRow?> Find(
        string id, FailedMessageReader messages, CancellationToken cancellationToken) =>
        Guid.TryParse(id, out var known)
            ? messages.Find(known, cancellationToken)
            : Task.FromResult<FailedMessageRow?>(null);
}
