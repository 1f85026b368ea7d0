using Particular.Aspire.Hosting.ServicePlatform.Transport;

/// <summary>The tools for operators of failed messages.</summary>
internal static class ServicePlatform
{
    /// <summary>
    /// ServiceControl, which collects failed messages from the broker, and ServicePulse, which shows and retries them.
    /// They keep their data themselves.
    /// </summary>
    public static void AddServicePlatform(
        this IDistributedApplicationBuilder builder,
        IResourceBuilder<RabbitMQServerResource> broker,
        IResourceBuilder<PostgresDatabaseResource> database,
        IResourceBuilder<PostgresDatabaseResource> readModels) => builder
            .AddParticularPlatform("particular")
            .WithTransportRabbitMQ(RabbitMqRouting.QuorumConventionalRouting, broker)
            .AddDefaultComponents();
}
