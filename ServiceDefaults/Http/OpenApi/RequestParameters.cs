using System.ComponentModel;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.OpenApi;

namespace ServiceDefaults.Http.OpenApi;

/// <summary>
/// Describes what an endpoint class takes from route, query and headers. ASP.NET Core reads that off a handler's
/// parameters; an endpoint class has one request object instead, whose properties are described here.
/// </summary>
internal sealed class RequestParameters(HttpApiOptions api) : IOpenApiOperationTransformer
{
    public async Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var request = metadata.OfType<IAcceptsMetadata>().LastOrDefault()?.RequestType;
        var properties = request?.GetProperties(BindingFlags.Public | BindingFlags.Instance) ?? [];
        var inRoute = RoutePatternFactory.Parse(context.Description.RelativePath ?? "").Parameters
            .Select(parameter => parameter.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var hasBody = context.Description.HttpMethod is not ("GET" or "HEAD" or "DELETE")
            && properties.Any(property => IsInBody(property, inRoute));
        if (!hasBody)
            operation.RequestBody = null;

        operation.Parameters ??= [];
        foreach (var name in inRoute.Where(name => operation.Parameters.All(known => known.Name != name)))
        {
            var property = properties.FirstOrDefault(candidate =>
                string.Equals(candidate.Name, name, StringComparison.OrdinalIgnoreCase));
            await Add(name, ParameterLocation.Path, property, required: true);
        }

        foreach (var property in properties.Where(property => !inRoute.Contains(property.Name)))
        {
            if (api.HeaderOf(property) is { } header)
                await Add(header, ParameterLocation.Header, property, required: false);
            else if (!hasBody || api.IsOutsideBody(property))
                await Add(FieldPath.CamelCase(property.Name), ParameterLocation.Query, property, required: false);
        }

        async Task Add(string name, ParameterLocation location, PropertyInfo? property, bool required) =>
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = name,
                In = location,
                Required = required,
                Description = property?.GetCustomAttribute<DescriptionAttribute>()?.Description,
                Schema = await context.GetOrCreateSchemaAsync(
                    property?.PropertyType ?? typeof(string), null, cancellationToken),
            });
    }

    private bool IsInBody(PropertyInfo property, HashSet<string> inRoute) =>
        !inRoute.Contains(property.Name) && !api.IsOutsideBody(property) && api.HeaderOf(property) is null;
}
