using System.Globalization;
using System.Runtime.InteropServices;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Processes;
using Portable.Hosting.Servers;

namespace Portable.Hosting.Running;

/// <summary>Runs a .NET project from what the app host's build made of it.</summary>
internal sealed class ProjectLauncher(ProjectResource project) : IResourceLauncher
{
    public Requirement? Requirement => null;

    private string AssemblyPath => project.Annotations.OfType<IProjectMetadata>().Last().AssemblyPath;

    public async Task<IRunningProcess> Launch(Launch launch, CancellationToken cancellationToken)
    {
        if (!File.Exists(AssemblyPath))
            throw new DistributedApplicationException(
                $"The project of '{project.Name}' is not built: {AssemblyPath} is missing. Build the app host: dotnet build.");
        var guardFile = Path.Combine(launch.DataFolder, $"{launch.Id}.pid");
        await Leftovers.Wait(guardFile, cancellationToken);
        return await GuardedProcess.Start(
            new ProcessSpecification(
                DotNet(),
                ["exec", AssemblyPath, .. launch.Arguments],
                Path.GetDirectoryName(project.Annotations.OfType<IProjectMetadata>().Last().ProjectPath)!)
            {
                Environment = launch.Environment,
                StopGrace = TimeSpan.FromSeconds(35), // .NET's host gives its services 30 s
                GuardFile = guardFile,
            },
            launch.Write,
            cancellationToken);
    }

    /// <summary>The dotnet program of the runtime that this process runs on.</summary>
    private static string DotNet()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var program = Path.Combine(root, "dotnet");
        return File.Exists(program) ? program : "dotnet";
    }

    /// <summary>What one instance listens on.</summary>
    public static string Urls(IResource resource, IReadOnlyDictionary<string, int> ports) => string.Join(
        ';',
        resource.Annotations.OfType<EndpointAnnotation>()
            .Where(endpoint => endpoint.UriScheme is "http" or "https" && endpoint.TargetPortEnvironmentVariable is null)
            .Select(endpoint => string.Create(
                CultureInfo.InvariantCulture,
                $"{endpoint.UriScheme}://{endpoint.TargetHost}:{ports[endpoint.Name]}")));
}
