using Microsoft.AspNetCore.Authorization;
using ServiceDefaults.Telemetry.Figures;

namespace Operations.Security;

/// <summary>Which role a request takes: the one place where it is decided, for every route there is.</summary>
internal sealed class Access : AuthorizationHandler<Access>, IAuthorizationRequirement
{
    /// <summary>What the form to sign on needs, and what probes ask.</summary>
    private static readonly string[] Open =
        ["/health", "/alive", "/console/sign-in", "/console/sign-in.js", "/console/console.css", "/console/icon.svg"];

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, Access requirement)
    {
        if (context.Resource is HttpContext http
            && Allowed(http.Request) is var roles
            && (roles.Length == 0 || roles.Any(role => context.User.IsInRole(role.ToString()))))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }

    /// <returns>The roles of which one is needed; none: anybody may.</returns>
    private static OperatorRole[] Allowed(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        if (Open.Contains(path, StringComparer.OrdinalIgnoreCase))
            return [];
        if (HttpMethods.IsPost(request.Method) && path.Equals(ServiceFigures.Route, StringComparison.OrdinalIgnoreCase))
            return [OperatorRole.Service];
        if (HttpMethods.IsPost(request.Method) && path.Equals("/console/sign-out", StringComparison.OrdinalIgnoreCase))
            return [OperatorRole.Viewer, OperatorRole.Operator];
        return HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
            ? [OperatorRole.Viewer, OperatorRole.Operator]
            : [OperatorRole.Operator];
    }
}
