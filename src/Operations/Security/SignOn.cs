using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Operations.Console;

namespace Operations.Security;

/// <summary>
/// Who may use Operations: in Development everybody, unless operators are configured; anywhere else only they. Tools
/// send a key, browsers a cookie that they got for one.
/// </summary>
internal static class SignOn
{
    public const string Key = "Key";
    public const string Cookie = "Cookie";

    private const string Either = "KeyOrCookie";

    private static readonly TimeSpan Session = TimeSpan.FromHours(8);

    /// <exception cref="OperatorSettingsException">
    /// No operator is configured outside Development, or one is configured so that it cannot be.
    /// </exception>
    public static void AddSignOn(this WebApplicationBuilder builder, OperationsSettings settings)
    {
        var operators = new Operators(settings.Operators);
        if (!operators.Any && !builder.Environment.IsDevelopment())
        {
            throw new OperatorSettingsException(
                $"Operations does not start in the environment '{builder.Environment.EnvironmentName}' without "
                + "operators: set Operations__Operators__0__Name, Operations__Operators__0__Role (viewer, operator or "
                + $"service) and Operations__Operators__0__KeySha256. {Operators.MakeKey}. Nobody has to sign on in "
                + "Development (ASPNETCORE_ENVIRONMENT=Development).");
        }

        builder.Services.AddSingleton(operators);
        builder.Services.AddSingleton<WrongKeys>();
        if (!operators.Any)
            return;
        builder.Services
            .AddAuthentication(schemes =>
            {
                schemes.DefaultScheme = Either;
                schemes.DefaultChallengeScheme = schemes.DefaultForbidScheme = Key;
            })
            .AddPolicyScheme(Either, null, either => either.ForwardDefaultSelector = context =>
                context.Request.Headers.Authorization.Count > 0 ? Key : Cookie)
            .AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(Key, null)
            .AddCookie(Cookie, cookie =>
            {
                cookie.Cookie.Name = "operations";
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SameSite = SameSiteMode.Strict;
                cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                cookie.ExpireTimeSpan = Session;
                cookie.SlidingExpiration = true;
                cookie.Events.OnValidatePrincipal = Validate;
            });
        builder.Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicy([new Access()], authenticationSchemes: []));
        builder.Services.AddSingleton<IAuthorizationHandler, Access>();
    }

    /// <summary>Behind routing and CORS, before every route.</summary>
    public static void UseSignOn(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<Operators>().Any)
            return;
        app.UseAuthentication();
        app.UseAuthorization();
        app.Use(RefuseForeign);
    }

    /// <summary>A cookie goes with what a page of another origin sends, where a browser lets it: not here.</summary>
    private static Task RefuseForeign(HttpContext context, RequestDelegate next) =>
        context.User.Identity?.AuthenticationType == Cookie && PageSecurity.IsForeign(context.Request)
            ? Results.Problem(
                "The request comes from a page of another origin.",
                statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context)
            : next(context);

    /// <summary>One whose key or role was taken away is signed off with the next request.</summary>
    private static async Task Validate(CookieValidatePrincipalContext context)
    {
        var operators = context.HttpContext.RequestServices.GetRequiredService<Operators>();
        if (context.Principal is { } principal && operators.StillHas(principal))
            return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(Cookie);
    }
}
