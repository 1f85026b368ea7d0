/// <summary>
/// An Elasticsearch node. Aspire had a package for it up to 9.x; this is the container that the core API describes.
/// </summary>
internal sealed class ElasticsearchResource(string name) : ContainerResource(name), IResourceWithConnectionString
{
    public EndpointReference PrimaryEndpoint => new(this, "http");

    /// <summary><c>http://host:port</c></summary>
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{PrimaryEndpoint}");
}

/// <summary>Adds Elasticsearch with the signatures of the portable edition.</summary>
internal static class ElasticsearchBuilderExtensions
{
    private const string Version = "8.19.4";

    /// <summary>A single node without users and TLS, as development wants it.</summary>
    public static IResourceBuilder<ElasticsearchResource> AddElasticsearch(
        this IDistributedApplicationBuilder builder, string name, int? port = null) => builder
            .AddResource(new ElasticsearchResource(name))
            .WithImage("elasticsearch/elasticsearch", Version)
            .WithImageRegistry("docker.elastic.co")
            .WithHttpEndpoint(port, targetPort: 9200)
            .WithEnvironment("discovery.type", "single-node")
            .WithEnvironment("xpack.security.enabled", "false")
            .WithEnvironment("ES_JAVA_OPTS", "-Xms512m -Xmx512m")
            .WithHttpHealthCheck("/_cluster/health?wait_for_status=yellow&timeout=1s");

    /// <summary>Keeps the data between runs.</summary>
    public static IResourceBuilder<ElasticsearchResource> WithDataVolume(
        this IResourceBuilder<ElasticsearchResource> builder, string? name = null) =>
        builder.WithVolume(name ?? $"{builder.Resource.Name}-data", "/usr/share/elasticsearch/data");
}
