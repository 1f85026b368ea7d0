using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Data;
using Portable.Hosting.Running;

namespace Portable.Hosting;

/// <summary>Builds an application that runs on this machine without containers.</summary>
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder host;

    public DistributedApplicationBuilder(string[] args) : this(new DistributedApplicationOptions { Args = args })
    {
    }

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        Options = options;
        CommandLine = HostCommandLine.Parse(options.Args ?? []);
        AppHostAssembly = options.Assembly;
        AppHostDirectory = options.ProjectDirectory
            ?? Metadata(AppHostAssembly, "apphostprojectpath")
            ?? Directory.GetCurrentDirectory();
        host = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = CommandLine.ForConfiguration(),
            ContentRootPath = Directory.Exists(AppHostDirectory) ? AppHostDirectory : AppContext.BaseDirectory,
            EnvironmentName = System.Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
                ?? System.Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
                ?? Environments.Development,
        });
        host.Logging.ClearProviders();
        Folder = new HostFolder(this);
        Secrets = new Secrets(Folder);
        host.AddRunning(this);
    }

    public ConfigurationManager Configuration => host.Configuration;

    public string AppHostDirectory { get; }

    public Assembly? AppHostAssembly { get; }

    public IHostEnvironment Environment => host.Environment;

    public IServiceCollection Services => host.Services;

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new(DistributedApplicationOperation.Run);

    public IResourceCollection Resources { get; } = new ResourceCollection();

    internal DistributedApplicationOptions Options { get; }

    internal HostCommandLine CommandLine { get; }

    internal HostFolder Folder { get; }

    internal Secrets Secrets { get; }

    internal PortReservations Ports { get; } = new();

    internal bool DashboardEnabled => !Options.DisableDashboard && !CommandLine.NoDashboard;

    /// <inheritdoc />
    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        if (Resources.FirstOrDefault(known => ResourceName.Comparer.Equals(known.Name, resource.Name)) is { } taken)
            throw new DistributedApplicationException(
                $"The name '{resource.Name}' is taken by a {taken.GetType().Name}: names are unique without regard to case.");
        Resources.Add(resource);
        LifecycleCommands.AddTo(resource);
        return CreateResourceBuilder(resource);
    }

    /// <inheritdoc />
    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource =>
        new ResourceBuilder<T>(this, resource);

    /// <inheritdoc />
    public DistributedApplication Build()
    {
        var entryPoint = Testing.EntryPointRun.Current;
        entryPoint?.BuilderIsReady(this);
        var application = new DistributedApplication(host.Build(), AppHostAssembly, CommandLine, entryPoint);
        entryPoint?.ApplicationIsBuilt(application);
        return application;
    }

    private static string? Metadata(Assembly? assembly, string key) => assembly?
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => string.Equals(attribute.Key, key, StringComparison.OrdinalIgnoreCase))?.Value;

    private sealed class ResourceBuilder<T>(IDistributedApplicationBuilder builder, T resource) : IResourceBuilder<T>
        where T : IResource
    {
        public IDistributedApplicationBuilder ApplicationBuilder => builder;

        public T Resource => resource;

        public IResourceBuilder<T> WithAnnotation<TAnnotation>(
            TAnnotation annotation, ResourceAnnotationMutationBehavior behavior)
            where TAnnotation : IResourceAnnotation
        {
            if (behavior == ResourceAnnotationMutationBehavior.Replace)
            {
                foreach (var former in resource.Annotations.OfType<TAnnotation>().ToList())
                    resource.Annotations.Remove(former);
            }
            resource.Annotations.Add(annotation);
            return this;
        }
    }
}
