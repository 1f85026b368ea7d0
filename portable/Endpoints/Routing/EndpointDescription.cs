using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Portable.Endpoints;

/// <summary>
/// What OpenAPI gets to know of an endpoint from its request and response types; Configure() can override it.
/// </summary>
internal static class EndpointDescription
{
    public static void Describe(
        this RouteHandlerBuilder route, EndpointDefinition definition, string pattern, string verb)
    {
        // The handler's own result type says nothing about the endpoint's.
        route.Add(endpoint =>
        {
            for (var i = endpoint.Metadata.Count - 1; i >= 0; i--)
            {
                if (endpoint.Metadata[i] is IProducesResponseTypeMetadata)
                    endpoint.Metadata.RemoveAt(i);
            }
        });
        if (definition.ReqDtoType != typeof(EmptyRequest)
            && ContentTypes(definition, pattern, verb) is [var first, .. var others])
            route.Accepts(definition.ReqDtoType, first, others);
        if (definition.ResDtoType == typeof(object) || definition.ResDtoType == typeof(EmptyResponse))
            route.DefaultProduces(StatusCodes.Status204NoContent, typeof(void), []);
        else if (!definition.ResDtoType.IsAssignableTo(typeof(IResult)))
            route.DefaultProduces(StatusCodes.Status200OK, definition.ResDtoType, ["application/json"]);
        if (definition.ValidatorType is not null && definition.Config.Errors.ProducesMetadataType is { } error)
            route.DefaultProduces(definition.Config.Errors.StatusCode, error, [definition.Config.Errors.ContentType]);
        if (definition.AnonymousVerbs?.Contains(verb) is true)
            route.AllowAnonymous();
        else
            route.Authorize(definition);
    }

    private static void Authorize(this RouteHandlerBuilder route, EndpointDefinition definition)
    {
        route.DefaultProduces(StatusCodes.Status401Unauthorized, typeof(void), []);
        route.RequireAuthorization(
            [.. (definition.PreBuiltUserPolicies ?? []).Select(policy => new AuthorizeAttribute(policy))]);
        if (definition.AllowedRoles is { } roles)
            route.RequireAuthorization(new AuthorizeAttribute { Roles = string.Join(',', roles) });
    }

    private static string[] ContentTypes(EndpointDefinition definition, string pattern, string verb)
    {
        var parameters = RoutePatternFactory.Parse(pattern).Parameters.Select(parameter => parameter.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var hasBody = definition.ReqDtoType.GetProperties().Any(property =>
            !property.IsDefined(typeof(NonJsonBindingAttribute), inherit: true) && !parameters.Contains(property.Name));
        if (!hasBody)
            return ["*/*"];
        return verb is "GET" or "HEAD" or "DELETE" ? ["*/*", "application/json"] : ["application/json"];
    }

    /// <summary>Added at last, unless Configure() described the same: one success, and one of each failure.</summary>
    private static void DefaultProduces(this RouteHandlerBuilder route, int status, Type type, string[] contentTypes) =>
        ((IEndpointConventionBuilder)route).Finally(endpoint =>
        {
            var described = endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().Any(produces =>
                produces.StatusCode == status || (status < 300 && produces.StatusCode is >= 200 and < 300));
            if (!described)
                endpoint.Metadata.Add(new ProducesResponseTypeMetadata(status, type, contentTypes));
        });
}
