using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Operations.Security;

/// <summary>
/// <c>Authorization: Bearer KEY</c>, for calls of tools and services. Also says what a request lacks: a browser that
/// wants a page is sent to the form, everything else is told.
/// </summary>
internal sealed class KeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    Operators operators)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private const string Prefix = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (header.Length == 0)
            return Task.FromResult(AuthenticateResult.NoResult());
        if (header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            && operators.Find(header[Prefix.Length..].Trim(), Scheme.Name) is { } known)
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(known, Scheme.Name)));
        return Task.FromResult(AuthenticateResult.Fail("The key is nobody's."));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (HttpMethods.IsGet(Request.Method)
            && Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            Response.Redirect(SignInRoutes.AddressFor(Request));
            return;
        }

        Response.Headers.WWWAuthenticate = "Bearer realm=\"operations\"";
        await Results.Problem(
            "Sign on: send your key as 'Authorization: Bearer KEY' (cqrs takes it from OPERATIONS_KEY), or open "
            + "/console.",
            statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Results.Problem(
        $"{Context.User.Identity?.Name} may not do that: it takes the role operator.",
        statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(Context);
}
