using Operations.Http;

namespace Operations.Actions;

internal static class ActionRoutes
{
    /// <summary>What operators did; not part of ServiceControl's API.</summary>
    public static void MapActions(this IEndpointRouteBuilder api) => api.MapGet("/actions", async (
        Paging paging, ActionLog actions, CancellationToken cancellationToken) =>
    {
        var (items, total) = await actions.List(paging, cancellationToken);
        return ApiAnswer.Of(items, paging, total);
    });
}
