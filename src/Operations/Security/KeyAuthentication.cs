using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Operations.Actions;
using Operations.Http;

namespace Operations.Security;

/// <summary>
/// <c>Authorization: Bearer KEY</c>, for calls of tools and services. Also says what a request lacks: a browser that
/// wants a page is sent to the form, everything else is told.
/// </summary>
internal sealed class KeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    Operators operators,
    WrongKeys wrongKeys,
    PastActions past)
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
        Note();
        return Task.FromResult(AuthenticateResult.Fail("The key is nobody's."));
    }

    /// <summary>
    /// A right key is let in however many wrong ones came from its address: one service with an old key must not shut
    /// out all others behind the same proxy, and a random key is not found by trying.
    /// </summary>
    private void Note()
    {
        if (wrongKeys.Wait(Context.Connection.RemoteIpAddress) is { } wait)
        {
            Context.Items[typeof(WrongKeys)] = wait;
            return;
        }

        wrongKeys.Add(Context.Connection.RemoteIpAddress);
        past.Add(
            Operator.Of(Context), new OperatorAction(Request.Method, "request", Request.Path), ActionResult.Refused,
            "The key is nobody's.");
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (Context.Items[typeof(WrongKeys)] is TimeSpan wait)
        {
            await SignInRoutes.TooMany(Context, wait).ExecuteAsync(Context);
            return;
        }

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
