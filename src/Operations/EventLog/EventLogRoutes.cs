using Operations.Http;

namespace Operations.EventLog;

internal static class EventLogRoutes
{
    public static void MapEventLog(this IEndpointRouteBuilder api) => api.MapGet("/eventlogitems", async (
        Paging paging, EventLogStore events, CancellationToken cancellationToken) =>
    {
        var (items, total) = await events.List(paging, cancellationToken);
        return ApiAnswer.Of(items, paging, total);
    });
}
