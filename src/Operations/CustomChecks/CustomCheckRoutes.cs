using Operations.Http;

namespace Operations.CustomChecks;

internal static class CustomCheckRoutes
{
    public static void MapCustomChecks(this IEndpointRouteBuilder api)
    {
        api.MapGet("/customchecks", async (
            string? status, Paging paging, CustomCheckStore checks, CancellationToken cancellationToken) =>
        {
            bool? failed = status?.ToLowerInvariant() switch { "fail" => true, "pass" => false, _ => null };
            var (found, total) = await checks.List(failed, paging, cancellationToken);
            return ApiAnswer.Of(found, paging, total);
        });
        api.MapDelete("/customchecks/{id:guid}", async (
            Guid id, CustomCheckStore checks, CancellationToken cancellationToken) =>
        {
            await checks.Dismiss(id, cancellationToken);
            return Results.Accepted();
        });
    }
}
