using Particular.Aspire.Hosting.ServicePlatform.Transport;

/// <summary>The tools for operators of failed messages.</summary>
internal static class ServicePlatform
{
    /// <summary>
    /// ServiceControl, which collects failed messages from the broker, and ServicePulse, which shows and retries them.
    /// They keep their data themselves. Alerts are Prometheus' there, by the rules in docs/observability.
    /// </summary>
    /// <returns>None: nobody takes figures but the collector of OpenTelemetry.</returns>
    public static IResourceBuilder<ProjectResource>? AddServicePlatform(
        this IDistributedApplicationBuilder builder,
        IResourceBuilder<RabbitMQServerResource> broker,
        IResourceBuilder<PostgresDatabaseResource> database,
        IResourceBuilder<PostgresDatabaseResource> readModels,
        params IResourceBuilder<IResourceWithConnectionString>[] watched)
    {
        builder
            .AddParticularPlatform("particular")
            .WithTransportRabbitMQ(RabbitMqRouting.QuorumConventionalRouting, broker)
            .AddDefaultComponents();
        return null;
    }
}
