namespace Portable.Hosting.ApplicationModel;

/// <summary>An Elasticsearch node.</summary>
public class ElasticsearchResource(string name) : ContainerResource(name), IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "http";

    public EndpointReference PrimaryEndpoint => new(this, PrimaryEndpointName);

    /// <summary><c>http://host:port</c></summary>
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{PrimaryEndpoint}");
}
