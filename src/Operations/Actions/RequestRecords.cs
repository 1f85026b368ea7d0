using Operations.Http;
using Operations.Security;
using ServiceDefaults.Telemetry.Figures;

namespace Operations.Actions;

/// <summary>
/// Every request that would change something is on record with its outcome: those that no action was recorded for,
/// because they were refused or failed or are too small for one, as what they are.
/// </summary>
internal static class RequestRecords
{
    private const int LongestPath = 300;

    /// <summary>Outside of whatever answers errors, so that it sees what the caller sees.</summary>
    public static void UseRequestRecords(this WebApplication app)
    {
        var past = app.Services.GetRequiredService<PastActions>();
        app.Use(async (context, next) =>
        {
            await next(context);
            if (IsAction(context.Request) && Operator.Of(context) is { IsRecorded: false } who)
                Record(past, who, context);
        });
    }

    /// <summary>Who is not known is recorded by the sign-on, which has a limit for it.</summary>
    private static bool IsAction(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
        && !HttpMethods.IsOptions(request.Method)
        && !request.Path.Equals(ServiceFigures.Route, StringComparison.OrdinalIgnoreCase)
        && !request.Path.StartsWithSegments(SignInRoutes.Page)
        && request.HttpContext.Response.StatusCode
            is not (StatusCodes.Status401Unauthorized or StatusCodes.Status429TooManyRequests);

    private static void Record(PastActions past, Operator who, HttpContext context)
    {
        var (status, path) = (context.Response.StatusCode, context.Request.Path.Value ?? "");
        var result = status switch
        {
            < 400 => ActionResult.Done,
            < 500 => ActionResult.Refused,
            _ => ActionResult.Failed,
        };
        past.Add(
            who,
            new OperatorAction(context.Request.Method, "request", path[..Math.Min(path.Length, LongestPath)]),
            result,
            result == ActionResult.Done ? null : $"HTTP {status}");
    }
}
