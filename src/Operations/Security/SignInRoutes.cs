using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Operations.Actions;
using Operations.Console;
using Operations.Http;

namespace Operations.Security;

/// <summary>The form to sign on, for the console and for ServicePulse below the same address.</summary>
internal static class SignInRoutes
{
    public const string Page = "/console/sign-in";
    private const string Home = "/console/";

    /// <summary>The form, that leads back to what was asked for.</summary>
    public static string AddressFor(HttpRequest request) =>
        $"{Page}?to={Uri.EscapeDataString(request.Path + request.QueryString)}";

    /// <param name="console">The group <c>/console</c>, which refuses other origins.</param>
    public static void MapSignIn(this IEndpointRouteBuilder console)
    {
        console.MapGet("/sign-in", (PageFiles files) => files.Serve("sign-in.html"));
        console.MapPost("/sign-in", SignIn);
        console.MapPost("/sign-out", async (HttpContext context, Operators operators) =>
        {
            if (operators.Any)
                await context.SignOutAsync(SignOn.Cookie);
            return Results.NoContent();
        });
    }

    private static async Task<IResult> SignIn(
        HttpContext context, Operators operators, WrongKeys wrongKeys, PastActions past,
        CancellationToken cancellationToken)
    {
        if (!operators.Any)
            return Results.LocalRedirect(Home);
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var address = context.Connection.RemoteIpAddress;
        var to = Local(form["to"].ToString());
        // Not even looked at, so that there is nothing to learn by going on.
        if (wrongKeys.Wait(address) is { } wait)
            return TooMany(context, wait);
        if (operators.Find(form["key"].ToString().Trim(), SignOn.Cookie) is not { } known
            || known.IsInRole(nameof(OperatorRole.Service)))
        {
            wrongKeys.Add(address);
            past.Add(
                Operator.Of(context), new OperatorAction("sign-in", "session", null), ActionResult.Refused,
                "The key is nobody's, or a service's.");
            return Results.LocalRedirect($"{Page}?refused&to={Uri.EscapeDataString(to)}");
        }

        await context.SignInAsync(SignOn.Cookie, known);
        past.Add(
            Operator.Of(context) with { Name = known.Identity!.Name! }, new OperatorAction("sign-in", "session", null),
            ActionResult.Done);
        return Results.LocalRedirect(to);
    }

    /// <summary>Only a path of this service: the form must not lead elsewhere.</summary>
    private static string Local(string path) =>
        path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal)
        && !path.Contains('\\', StringComparison.Ordinal) && !path.Any(char.IsControl)
            ? path
            : Home;

    /// <summary>Says when to try again.</summary>
    public static IResult TooMany(HttpContext context, TimeSpan wait)
    {
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Results.Problem(
            $"Too many wrong keys came from {context.Connection.RemoteIpAddress}: try again in {seconds} s.",
            statusCode: StatusCodes.Status429TooManyRequests);
    }
}
