using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Running;
using Portable.Hosting.Servers;

namespace Portable.Hosting;

/// <summary>Adds Elasticsearch. Aspire has no package for it any more; the signature is that of Aspire 9's.</summary>
public static class ElasticsearchBuilderExtensions
{
    /// <summary>
    /// An Elasticsearch node of the application's own: the command that ELASTICSEARCH_COMMAND names, called with FOLDER
    /// and PORT; else the installation in ELASTICSEARCH_HOME; else the one in /usr/share/elasticsearch. Without any of
    /// them the resource is left out: who refers to it gets no connection string, and who waits for it does not.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Name of the resource and of its connection string.</param>
    /// <param name="port">Port; by default a free one.</param>
    public static IResourceBuilder<ElasticsearchResource> AddElasticsearch(
        this IDistributedApplicationBuilder builder, string name, int? port = null)
    {
        var resource = builder.AddResource(new ElasticsearchResource(name))
            .WithHttpEndpoint(port, targetPort: 9200, name: ElasticsearchResource.PrimaryEndpointName)
            .WithHttpHealthCheck("/_cluster/health?wait_for_status=yellow&timeout=1s");
        if (ElasticsearchInstallation.Find(builder.Configuration) is { } installation)
            return resource.WithAnnotation(new LauncherAnnotation(
                new ElasticsearchLauncher(resource.Resource, installation)));
        return resource.WithAnnotation(new UnavailableAnnotation(
            "no Elasticsearch on this machine: search runs on PostgreSQL full text " +
            "(set ELASTICSEARCH_COMMAND or ELASTICSEARCH_HOME to change that)"));
    }

    /// <summary>Keeps the data between runs.</summary>
    public static IResourceBuilder<ElasticsearchResource> WithDataVolume(
        this IResourceBuilder<ElasticsearchResource> builder, string? name = null) => builder.KeepingData(name);
}
