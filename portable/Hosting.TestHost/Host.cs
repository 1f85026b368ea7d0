using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting.TestHost;

/// <summary>An app host with every kind of server that keeps data, and a service.</summary>
internal static class Host
{
    public static int Run(string[] args)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = args,
            DisableDashboard = true,
        });
        var postgres = builder.AddPostgres("postgres").WithDataVolume();
        var shop = postgres.AddDatabase("shop");
        var broker = builder.AddRabbitMQ("broker").WithDataVolume();
        builder.AddProject<ServiceProject>("service")
            .WithArgs("service")
            .WithHttpEndpoint()
            .WithHttpHealthCheck("/health")
            .WithReference(shop).WaitFor(shop)
            .WithReference(broker).WaitFor(broker);
        builder.Build().Run();
        return Environment.ExitCode;
    }
}

/// <summary>This program as a service.</summary>
public class ServiceProject : IProjectMetadata
{
    /// <inheritdoc />
    public string ProjectPath => Path.Combine(AppContext.BaseDirectory, "Portable.Hosting.TestHost.csproj");

    /// <inheritdoc />
    public string AssemblyPath => Path.Combine(AppContext.BaseDirectory, "Portable.Hosting.TestHost.dll");
}
