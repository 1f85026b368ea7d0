using Operations.Http;

namespace Operations.Console.Projections;

internal static class ProjectionRoutes
{
    private const int LongestStream = 1000;

    /// <summary>What can be done to a projection: <c>POST /console/projections/NAME/VERB</c>.</summary>
    public static void MapProjections(this IEndpointRouteBuilder console)
    {
        var projection = console.MapGroup("/projections/{name}");
        projection.MapPost("/pause", async (
            string name, Operator who, ProjectionActions actions, CancellationToken cancellationToken) =>
            Answer(await actions.Pause(name, who, cancellationToken)));
        projection.MapPost("/resume", async (
            string name, Operator who, ProjectionActions actions, CancellationToken cancellationToken) =>
            Answer(await actions.Resume(name, who, cancellationToken)));
        projection.MapPost("/rebuild", async (
            string name, Operator who, ProjectionActions actions, CancellationToken cancellationToken) =>
            Answer(await actions.Rebuild(name, who, cancellationToken)));
        projection.MapPost("/retry", async (
            string name, ParkedChoice choice, Operator who, ProjectionActions actions,
            CancellationToken cancellationToken) =>
            choice.Stream is { Length: > LongestStream }
                ? NoStream(choice)
                : Answer(await actions.Retry(name, choice.Stream, who, cancellationToken)));
        projection.MapPost("/skip", async (
            string name, ParkedChoice choice, Operator who, ProjectionActions actions,
            CancellationToken cancellationToken) =>
            choice.Stream is not { Length: > 0 and <= LongestStream } stream
                ? NoStream(choice)
                : Answer(await actions.Skip(name, stream, who, cancellationToken)));
    }

    private static IResult NoStream(ParkedChoice choice) => Results.Problem(
        $"'{choice.Stream}' is no stream: give the name of a parked one as {{ \"stream\": \"…\" }}.",
        statusCode: StatusCodes.Status400BadRequest);

    private static IResult Answer(ActionOutcome outcome) => outcome.Status < 300
        ? Results.Json(new { outcome.Words }, ApiJson.Options, statusCode: outcome.Status)
        : Results.Problem(outcome.Words, statusCode: outcome.Status);

    /// <param name="Stream">A parked stream; null: every one, where that can be.</param>
    private sealed record ParkedChoice(string? Stream);
}
