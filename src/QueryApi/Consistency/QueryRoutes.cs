
namespace QueryApi.Consistency;

/// <summary>What the API description says of every query.</summary>
internal static class QueryRoutes
{
    public static RouteHandlerBuilder AsQuery(this RouteHandlerBuilder route, string tag) => route
        .WithTags(tag)
        .Produces(StatusCodes.Status304NotModified)
        .ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    /// <summary>A query for one thing by its id.</summary>
    public static RouteHandlerBuilder AsQueryForOne(this RouteHandlerBuilder route, string tag) =>
        route.AsQuery(tag).ProducesProblem(StatusCodes.Status404NotFound);
}
