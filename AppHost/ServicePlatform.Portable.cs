/// <summary>The tools for operators of failed messages.</summary>
internal static class ServicePlatform
{
    /// <summary>Nothing here: ServiceControl and ServicePulse come as containers. Failed messages wait in the queue <c>error</c>.</summary>
    public static void AddServicePlatform(
        this IDistributedApplicationBuilder builder, IResourceBuilder<RabbitMQServerResource> broker)
    {
    }
}
