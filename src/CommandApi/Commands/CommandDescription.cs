using Microsoft.AspNetCore.Builder;

namespace CommandApi.Commands;

/// <summary>What OpenAPI says of every command.</summary>
internal static class CommandDescription
{
    /// <param name="area">The domain it belongs to.</param>
    /// <param name="summary">What it does, in a few words.</param>
    /// <param name="creates">True where done means 201, not 200.</param>
    public static void Describe(this RouteHandlerBuilder route, string area, string summary, bool creates = false) =>
        route.WithTags(area)
            .WithSummary(summary)
            .Produces<CommandAnswer>(creates ? StatusCodes.Status201Created : StatusCodes.Status200OK)
            .Produces<CommandAnswer>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
}
