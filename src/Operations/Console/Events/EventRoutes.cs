using Operations.Http;

namespace Operations.Console.Events;

internal static class EventRoutes
{
    /// <summary>The event log: a list, newest first, and one event.</summary>
    public static void MapEvents(this IEndpointRouteBuilder console)
    {
        console.MapGet("/events", (
            HttpContext context, EventBrowser browser, CancellationToken cancellationToken) =>
            Answer(async () => Results.Json(
                await browser.List(EventQuery.Of(context.Request.Query), cancellationToken), ApiJson.Options)));
        console.MapGet("/events/{position:long}", (
            long position, EventBrowser browser, CancellationToken cancellationToken) =>
            Answer(async () => await browser.Find(position, cancellationToken) is { } found
                ? Results.Json(found, ApiJson.Options)
                : Results.Problem(
                    $"There is no event at position {position}, or it is archived.",
                    statusCode: StatusCodes.Status404NotFound)));
    }

    private static async Task<IResult> Answer(Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (InvalidDataException bad)
        {
            return Results.Problem(bad.Message, statusCode: StatusCodes.Status400BadRequest);
        }
        catch (EventLogMissingException missing)
        {
            return Results.Problem(missing.Message, statusCode: StatusCodes.Status404NotFound);
        }
    }
}
