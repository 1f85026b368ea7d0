using System.Diagnostics.CodeAnalysis;
using FluentValidation;
using Microsoft.AspNetCore.Builder;

namespace Portable.Endpoints;

// What Configure() can say.
public abstract partial class Endpoint<TRequest, TResponse>
{
    /// <summary>Listens for GET.</summary>
    protected void Get([StringSyntax("Route")] params string[] routePatterns) => Listen(Http.GET, routePatterns);

    /// <summary>Listens for POST.</summary>
    protected void Post([StringSyntax("Route")] params string[] routePatterns) => Listen(Http.POST, routePatterns);

    /// <summary>Listens for PUT.</summary>
    protected void Put([StringSyntax("Route")] params string[] routePatterns) => Listen(Http.PUT, routePatterns);

    /// <summary>Listens for PATCH.</summary>
    protected void Patch([StringSyntax("Route")] params string[] routePatterns) => Listen(Http.PATCH, routePatterns);

    /// <summary>Listens for DELETE.</summary>
    protected void Delete([StringSyntax("Route")] params string[] routePatterns) => Listen(Http.DELETE, routePatterns);

    /// <summary>Listens for HEAD.</summary>
    protected void Head([StringSyntax("Route")] params string[] routePatterns) => Listen(Http.HEAD, routePatterns);

    /// <summary>The methods listened for.</summary>
    public void Verbs(params Http[] methods) => Verbs([.. methods.Select(method => method.ToString())]);

    /// <summary>The methods listened for, by name.</summary>
    public void Verbs(params string[] methods) => Definition.SetVerbs(methods);

    /// <summary>The route patterns listened on.</summary>
    public void Routes([StringSyntax("Route")] params string[] patterns) => Definition.SetRoutes(patterns);

    /// <summary>No authentication needed, for the given methods or all.</summary>
    protected void AllowAnonymous(params Http[] verbs) => Definition.AllowAnonymous(verbs);

    /// <summary>The asker needs one of these roles.</summary>
    protected void Roles(params string[] rolesNames) => Definition.Roles(rolesNames);

    /// <summary>The asker must satisfy all of these authorization policies.</summary>
    protected void Policies(params string[] policyNames) => Definition.Policies(policyNames);

    /// <summary>Describes the endpoint for OpenAPI.</summary>
    /// <param name="clearDefaults">Forget what was derived from the request and response types.</param>
    protected void Description(Action<RouteHandlerBuilder> builder, bool clearDefaults = false) =>
        Definition.Description(builder, clearDefaults);

    /// <summary>Whatever else can be said of a minimal-API route.</summary>
    protected void Options(Action<RouteHandlerBuilder> builder) => Definition.Options(builder);

    /// <summary>Text about the endpoint.</summary>
    protected void Summary(Action<EndpointSummary> endpointSummary) => Definition.Summary(endpointSummary);

    /// <summary>Text about the endpoint.</summary>
    [System.Runtime.CompilerServices.OverloadResolutionPriority(1)]
    protected void Summary(Action<EndpointSummary<TRequest>> endpointSummary) => Definition.Summary(endpointSummary);

    /// <summary>
    /// Words to filter endpoints by at start; not OpenAPI's tags (those: <c>Description(b =&gt; b.WithTags(…))</c>).
    /// </summary>
    protected void Tags(params string[] endpointTags) => Definition.Tags(endpointTags);

    /// <summary>The largest body accepted, in bytes; larger ones are answered 413.</summary>
    protected void MaxRequestBodySize(long size) => Definition.MaxRequestBodySize(size);

    /// <summary>The binder to use instead of the default one.</summary>
    protected void RequestBinder(RequestBinder<TRequest> binder) => Definition.UseBinder(binder);

    /// <summary>The validator to use; needed only where a request type has several.</summary>
    protected void Validator<TValidator>() where TValidator : IValidator => Definition.Validator<TValidator>();

    private void Listen(Http method, string[] routePatterns)
    {
        Verbs(method);
        Routes(routePatterns);
    }
}
