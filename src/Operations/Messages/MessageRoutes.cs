using Operations.Http;

namespace Operations.Messages;

/// <summary>The list of all messages, their search, their conversations and their bodies.</summary>
internal static class MessageRoutes
{
    /// <summary>A diagram shows a conversation whole: as far as it is of any use to look at.</summary>
    private const int LargestConversation = 1000;

    public static void MapMessages(this IEndpointRouteBuilder api)
    {
        api.MapGet("/messages/{id}/body", Body);
        api.MapGet("/messages/search/{keyword}", (
            string keyword, [AsParameters] Listing list) => Search(list, keyword, null));
        api.MapGet("/messages/search", ([AsParameters] Listing list, string? q) => Search(list, q, null));
        api.MapGet("/endpoints/{name}/messages/search/{keyword}", (
            string name, string keyword, [AsParameters] Listing list) => Search(list, keyword, name));
        api.MapGet("/endpoints/{name}/messages/search", (
            string name, [AsParameters] Listing list, string? q) => Search(list, q, name));
        api.MapGet("/messages", ([AsParameters] Listing list, bool? include_system_messages) =>
            Page(list, new MessageFilter(WithSystemMessages: include_system_messages == true)));
        api.MapGet("/endpoints/{name}/messages", (
            string name, [AsParameters] Listing list, bool? include_system_messages) =>
            Page(list, new MessageFilter(Endpoint: name, WithSystemMessages: include_system_messages == true)));
        api.MapGet("/endpoints/{name}/audit-count", async (
            string name, MessageReader messages, CancellationToken cancellationToken) =>
            ApiAnswer.Of(await messages.Days(name, cancellationToken)));
        api.MapGet("/messages2", (
            [AsParameters] Listing list, string? q, string? endpoint_name, string? from, string? to) =>
            Page(
                list, new MessageFilter(q, endpoint_name, MessageFilter.Time(from), MessageFilter.Time(to))));
        api.MapGet("/conversations/{id}", (string id, [AsParameters] Listing list, HttpContext context) =>
            Page(
                context.Request.Query.ContainsKey("per_page")
                    ? list
                    : list with { Paging = list.Paging with { Size = LargestConversation } },
                new MessageFilter(Conversation: id)));
    }

    private static async Task<IResult> Page(Listing list, MessageFilter filter)
    {
        var (found, total) = await list.Messages.List(filter, list.Order, list.Paging, list.CancellationToken);
        return ApiAnswer.Of(found, list.Paging, total);
    }

    private static async Task<IResult> Search(Listing list, string? words, string? endpoint)
    {
        var filter = new MessageFilter(words, endpoint);
        if (filter.Query is null || list.Sort is not null || endpoint is not null)
            return await Page(list, filter);
        var (found, total) = await list.Messages.Search(filter, list.Order, list.Paging, list.CancellationToken);
        return ApiAnswer.Of(found, list.Paging, total);
    }

    /// <summary>The bytes as they came; a page that shows them must not run them.</summary>
    private static async Task<IResult> Body(
        string id, HttpContext context, MessageReader messages, CancellationToken cancellationToken)
    {
        if (await messages.Body(id, cancellationToken) is not var (body, type))
            return Results.NotFound();
        if (body is not { Length: > 0 })
            return Results.NoContent();
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        return Results.Bytes(body, type is { Length: > 0 } ? type : "application/octet-stream");
    }

    /// <summary>What every list can be asked for.</summary>
    private sealed record Listing(
        string? Sort, string? Direction, Paging Paging, MessageReader Messages, CancellationToken CancellationToken)
    {
        public MessageOrder Order => MessageOrder.Of(Sort, Direction);
    }
}
