using Microsoft.Extensions.Configuration;

/// <summary>The tools for operators of failed messages.</summary>
internal static class ServicePlatform
{
    private const string Pages = "SERVICEPULSE_WWW";

    /// <summary>
    /// Operations, which watches the system and collects failed messages from the broker and retries them, and
    /// ServicePulse in front of it where <c>SERVICEPULSE_WWW</c> names the folder with its static files. Nothing is
    /// said where it does not: <c>cqrs messages</c> does the same from the command line.
    /// </summary>
    /// <param name="watched">Servers that it watches beyond its own two.</param>
    /// <returns>Where services report their figures.</returns>
    public static IResourceBuilder<ProjectResource>? AddServicePlatform(
        this IDistributedApplicationBuilder builder,
        IResourceBuilder<RabbitMQServerResource> broker,
        IResourceBuilder<PostgresDatabaseResource> database,
        IResourceBuilder<PostgresDatabaseResource> readModels,
        params IResourceBuilder<IResourceWithConnectionString>[] watched)
    {
        var operations = builder.AddProject<Projects.Operations>("operations")
            .WithHttpEndpoint(port: builder.Configuration.GetValue("Ports:operations", 33333))
            .WithHttpHealthCheck("/health")
            .WithExternalHttpEndpoints()
            .WithReference(database).WaitFor(database)
            .WithReference(readModels).WaitFor(readModels)
            .WithReference(broker).WaitFor(broker)
            .WithEnvironment("services__rabbitmq__management__0", broker.GetEndpoint("management"));

        foreach (var server in watched)
            operations.WithReference(server);

        // The console page links to the dashboard, whose address is the app host's own.
        if (builder.Configuration["ASPNETCORE_URLS"] is { Length: > 0 } dashboard)
            operations.WithEnvironment("Operations__DashboardUrl", dashboard.Split(';')[0]);
        if (builder.Configuration[Pages] is { Length: > 0 } folder)
        {
            var port = builder.Configuration.GetValue("Ports:servicepulse", 9090);
            operations.WithEnvironment("Operations__ServicePulseUrl", "http://localhost:" + port);
            builder.AddProject<Projects.Operations>("servicepulse")
                .WithArgs("--servicepulse", Path.GetFullPath(folder))
                .WithHttpEndpoint(port: port)
                .WithHttpHealthCheck("/health")
                .WithExternalHttpEndpoints()
                .WithReference(operations).WaitFor(operations);
        }

        return operations;
    }
}
