using Operations.Http;
using Operations.Security;
using Operations.Site;

namespace Operations.Console;

/// <summary>The page itself, and what it has to know of where it runs.</summary>
internal static class PageRoutes
{
    public static void MapPage(this IEndpointRouteBuilder console)
    {
        console.MapGet("/", (HttpContext context, PageFiles files) =>
            // Addresses of files are relative: without the slash they would point beside the folder.
            context.Request.Path.Value!.EndsWith('/')
                ? files.Serve("console.html")
                : Results.Redirect("console/" + context.Request.QueryString));
        console.MapGet("/{file}", (string file, PageFiles files) => files.Serve(file));
        console.MapGet("/session", (HttpContext context, Operator who, OperationsSettings settings) => Results.Json(
            new Session(
                who.Name,
                context.User.Identity is { IsAuthenticated: true },
                context.User.Identity is not { IsAuthenticated: true }
                    || context.User.IsInRole(nameof(OperatorRole.Operator)),
                settings.ServicePulseUrl
                    ?? (settings.ServicePulseFolder is { Length: > 0 } ? ServicePulsePages.Path + "/" : null),
                settings.DashboardUrl),
            ApiJson.Options));
    }

    /// <param name="SignedOn">Else nobody has to.</param>
    /// <param name="MayAct">Else only look.</param>
    /// <param name="ServicePulse">Where it is; null: not known.</param>
    /// <param name="Dashboard">Where traces can be seen; null: not known.</param>
    private sealed record Session(
        string Name, bool SignedOn, bool MayAct, string? ServicePulse, string? Dashboard);
}
