using Operations.Http;

namespace Operations.FailedMessages;

/// <summary>The list of all messages, which here are those that failed, their search and their bodies.</summary>
internal static class MessageRoutes
{
    public static void MapMessages(this IEndpointRouteBuilder api)
    {
        api.MapGet("/messages/{id}/body", Body);
        api.MapGet("/messages/search/{keyword}", Search);
        api.MapGet("/messages/search", (
            string? q, string? sort, string? direction, Paging paging, FailedMessageReader messages,
            CancellationToken cancellationToken) => q is { Length: > 0 }
                ? Search(q, sort, direction, paging, messages, cancellationToken)
                : List(null, sort, direction, paging, messages, cancellationToken));
        api.MapGet("/messages", (
            string? sort, string? direction, Paging paging, FailedMessageReader messages,
            CancellationToken cancellationToken) =>
            List(null, sort, direction, paging, messages, cancellationToken));
        api.MapGet("/messages2", (
            string? q, string? endpoint_name, string? sort, string? direction, Paging paging,
            FailedMessageReader messages, CancellationToken cancellationToken) => q is { Length: > 0 }
                ? Search(q, sort, direction, paging, messages, cancellationToken)
                : List(endpoint_name, sort, direction, paging, messages, cancellationToken));
        api.MapGet("/endpoints/{name}/messages", (
            string name, string? sort, string? direction, Paging paging, FailedMessageReader messages,
            CancellationToken cancellationToken) =>
            List(name, sort, direction, paging, messages, cancellationToken));
        api.MapGet("/conversations/{id}", async (
            string id, string? sort, string? direction, Paging paging, FailedMessageReader messages,
            CancellationToken cancellationToken) =>
        {
            var found = await messages.Conversation(
                id, FailedMessageOrder.Of(sort, direction), paging, cancellationToken);
            return ApiAnswer.Of(found, paging, paging.Offset + found.Count);
        });
    }

    private static async Task<IResult> List(
        string? endpoint, string? sort, string? direction, Paging paging, FailedMessageReader messages,
        CancellationToken cancellationToken)
    {
        var filter = new FailedMessageFilter(Endpoint: endpoint);
        var page = await messages.Messages(
            filter, FailedMessageOrder.Of(sort, direction), paging, cancellationToken);
        return ApiAnswer.Of(page, paging, await messages.Count(filter, cancellationToken));
    }

    private static async Task<IResult> Search(
        string keyword, string? sort, string? direction, Paging paging, FailedMessageReader messages,
        CancellationToken cancellationToken)
    {
        var (found, total) = await messages.Search(
            keyword, FailedMessageOrder.Of(sort, direction), paging, cancellationToken);
        return ApiAnswer.Of(found, paging, total);
    }

    /// <summary>The bytes as they came; a page that shows them must not run them.</summary>
    private static async Task<IResult> Body(
        string id, HttpContext context, FailedMessageReader messages, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(id, out var known) || await messages.Body(known, cancellationToken) is not var (body, type))
            return Results.NotFound();
        if (body.Length == 0)
            return Results.NoContent();
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        return Results.Bytes(body, type is { Length: > 0 } ? type : "application/octet-stream");
    }
}
