using System.Collections.Immutable;
using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting.Running;

/// <summary>What is known about a resource before it starts.</summary>
internal static class InitialSnapshots
{
    public static async Task<CustomResourceSnapshot> Of(
        IResource resource, DistributedApplicationExecutionContext execution, CancellationToken cancellationToken) => new()
        {
            ResourceType = TypeOf(resource),
            CreationTimeStamp = DateTime.UtcNow,
            State = resource.IsUnavailable() || resource.HasAnnotationOfType<ExplicitStartupAnnotation>()
                ? KnownResourceStates.NotStarted
                : resource is ParameterResource ? KnownResourceStates.Running
                : KnownResourceStates.Starting,
            Properties = await Properties(resource, cancellationToken),
            Urls = resource.IsUnavailable() ? [] : await Urls(resource, execution, cancellationToken),
            Relationships = Relationships(resource),
        };

    private static string TypeOf(IResource resource) => resource switch
    {
        ProjectResource => KnownResourceTypes.Project,
        ParameterResource => KnownResourceTypes.Parameter,
        ExecutableResource => KnownResourceTypes.Executable,
        _ => resource.GetType().Name.Replace("Resource", ""),
    };

    private static async Task<ImmutableArray<ResourcePropertySnapshot>> Properties(
        IResource resource, CancellationToken cancellationToken)
    {
        var properties = ImmutableArray<ResourcePropertySnapshot>.Empty;
        if (resource.TryGetLastAnnotation<IProjectMetadata>(out var project))
            properties = properties.SetProperty(KnownProperties.ProjectPath, project.ProjectPath);
        if (resource is IResourceWithParent child)
            properties = properties.SetProperty(KnownProperties.ParentName, child.Parent.Name);
        if (resource is ParameterResource parameter)
            properties = properties.SetProperty(
                KnownProperties.ParameterValue, await parameter.GetValueAsync(cancellationToken), parameter.Secret);
        if (resource is IResourceWithConnectionString connected && !resource.IsUnavailable())
            properties = properties.SetProperty(
                KnownProperties.ConnectionString, await connected.GetConnectionStringAsync(cancellationToken),
                isSensitive: true);
        if (resource.TryGetLastAnnotation<UnavailableAnnotation>(out var unavailable))
            properties = properties.SetProperty("unavailable", unavailable.Reason);
        return properties;
    }

    private static async Task<ImmutableArray<UrlSnapshot>> Urls(
        IResource resource, DistributedApplicationExecutionContext execution, CancellationToken cancellationToken)
    {
        var urls = resource is IResourceWithEndpoints withEndpoints
            ? withEndpoints.GetEndpoints()
                .Select(endpoint => new ResourceUrlAnnotation { Url = endpoint.Url, Endpoint = endpoint })
                .ToList()
            : [];
        var context = new ResourceUrlsCallbackContext(execution, resource, urls, cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>().ToList())
            await annotation.Callback(context);
        return
        [
            .. context.Urls.Select(url => new UrlSnapshot(
                url.Endpoint?.EndpointName, url.Url, url.DisplayLocation == UrlDisplayLocation.DetailsOnly)
            {
                IsInactive = true,
                DisplayProperties = new UrlDisplayPropertiesSnapshot(url.DisplayText ?? "", url.DisplayOrder ?? 0),
            }),
        ];
    }

    private static ImmutableArray<RelationshipSnapshot> Relationships(IResource resource)
    {
        var relations = resource.Annotations.OfType<ResourceRelationshipAnnotation>()
            .Select(relation => new RelationshipSnapshot(relation.Resource.Name, relation.Type));
        if (resource is IResourceWithParent child)
            relations = relations.Prepend(new RelationshipSnapshot(child.Parent.Name, KnownRelationshipTypes.Parent));
        return [.. relations.Distinct()];
    }
}
