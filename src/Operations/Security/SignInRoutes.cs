using Microsoft.AspNetCore.Authentication;
using Operations.Console;

namespace Operations.Security;

/// <summary>The form to sign on, for the console and for ServicePulse below the same address.</summary>
internal static partial class SignInRoutes
{
    private const string Page = "/console/sign-in";
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
        HttpContext context, Operators operators, ILogger<Operators> logger, CancellationToken cancellationToken)
    {
        if (!operators.Any)
            return Results.LocalRedirect(Home);
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var from = context.Connection.RemoteIpAddress?.ToString() ?? "";
        var to = Local(form["to"].ToString());
        if (operators.Find(form["key"].ToString().Trim(), SignOn.Cookie) is not { } known
            || known.IsInRole(nameof(OperatorRole.Service)))
        {
            Refused(logger, from);
            return Results.LocalRedirect($"{Page}?refused&to={Uri.EscapeDataString(to)}");
        }

        await context.SignInAsync(SignOn.Cookie, known);
        SignedOn(logger, known.Identity!.Name!, from);
        return Results.LocalRedirect(to);
    }

    /// <summary>Only a path of this service: the form must not lead elsewhere.</summary>
    private static string Local(string path) =>
        path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal)
        && !path.Contains('\\', StringComparison.Ordinal) && !path.Any(char.IsControl)
            ? path
            : Home;

    [LoggerMessage(Level = LogLevel.Warning, Message = "A key that is nobody's was tried from {Address}")]
    private static partial void Refused(ILogger logger, string address);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} has signed on from {Address}")]
    private static partial void SignedOn(ILogger logger, string name, string address);
}
