namespace Portable.Hosting.ApplicationModel;

/// <summary>
/// A server. The real library runs it from a container image; here it runs from binaries of this machine.
/// </summary>
public class ContainerResource(string name, string? entrypoint = null) : Resource(name),
    IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport, IResourceWithProbes
{
    /// <summary>Program to run in place of the image's own; not used here.</summary>
    public string? Entrypoint { get; set; } = entrypoint;
}

/// <summary>A program of this machine.</summary>
public class ExecutableResource(string name, string command, string workingDirectory) : Resource(name),
    IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport, IResourceWithProbes
{
    /// <summary>Path or name of the program.</summary>
    public string Command { get; } = command;

    /// <summary>Folder that the program runs in.</summary>
    public string WorkingDirectory { get; } = workingDirectory;
}

/// <summary>A .NET project, run from its build output.</summary>
public class ProjectResource(string name) : Resource(name),
    IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport,
    IResourceWithProbes;
