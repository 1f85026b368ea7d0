using Portable.Hosting.ApplicationModel;
using Portable.Hosting.TestHost;

namespace Portable.Hosting.Tests;

/// <summary>Small applications for tests: no dashboard, free ports, no kept data unless a test wants it.</summary>
internal static class Applications
{
    public static IDistributedApplicationBuilder Builder(params string[] args) => DistributedApplication.CreateBuilder(
        new DistributedApplicationOptions
        {
            Args = args,
            AssemblyName = typeof(Applications).Assembly.GetName().Name,
            DisableDashboard = true,
        });

    /// <summary>The test service as a project with a health check.</summary>
    public static IResourceBuilder<ProjectResource> AddService(
        this IDistributedApplicationBuilder builder, string name, int? port = null) => builder
            .AddProject<ServiceProject>(name)
            .WithArgs("service")
            .WithHttpEndpoint(port)
            .WithHttpHealthCheck("/health");

    public static async Task<DistributedApplication> Started(
        this IDistributedApplicationBuilder builder, CancellationToken cancellationToken)
    {
        var application = builder.Build();
        try
        {
            await application.StartAsync(cancellationToken);
            return application;
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    public static Task<ResourceEvent> Healthy(this DistributedApplication application, string name) =>
        application.ResourceNotifications.WaitForResourceHealthyAsync(name, TestContext.Current.CancellationToken)
            .WaitAsync(Waits.Long, TestContext.Current.CancellationToken);

    public static Task<ResourceEvent> Reaches(
        this DistributedApplication application, string name, Func<CustomResourceSnapshot, bool> predicate) =>
        application.ResourceNotifications.WaitForResourceAsync(
                name, update => predicate(update.Snapshot), TestContext.Current.CancellationToken)
            .WaitAsync(Waits.Long, TestContext.Current.CancellationToken);
}

/// <summary>How long tests wait before they give up: generous, for a machine with much else to do.</summary>
internal static class Waits
{
    public static readonly TimeSpan Long = TimeSpan.FromMinutes(3);

    /// <summary>Polls until the condition holds.</summary>
    public static async Task Until(Func<bool> condition, string what)
    {
        var limit = DateTime.UtcNow + Long;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < limit, $"not within {Long}: {what}");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }
}
