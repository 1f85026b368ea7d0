using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Running;

namespace Portable.Hosting;

/// <summary>Where a project is; implemented by the classes in <c>Projects</c> that the build generates.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>Path of the project file.</summary>
    string ProjectPath { get; }

    /// <summary>Path of the assembly that the build made of it.</summary>
    string AssemblyPath { get; }

    bool SuppressBuild => true;
}

/// <summary>Adds projects. Signatures and meaning are those of Aspire.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project that the app host references.</summary>
    /// <typeparam name="TProject">A class of <c>Projects</c>.</typeparam>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name) where TProject : IProjectMetadata, new()
    {
        var resource = builder.AddResource(new ProjectResource(name));
        return resource
            .WithAnnotation(new TProject())
            .WithAnnotation(new LauncherAnnotation(new ProjectLauncher(resource.Resource)))
            .WithEnvironment(context => ProjectEnvironment.Add(context, builder.Environment.EnvironmentName));
    }

    /// <summary>Runs the project in several processes; its endpoints are shared among them.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(
        this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        return builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);
    }
}
