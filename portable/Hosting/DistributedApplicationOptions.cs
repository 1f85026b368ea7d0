using System.Reflection;

namespace Portable.Hosting;

/// <summary>How to build an application.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>The command line.</summary>
    public string[]? Args { get; set; }

    /// <summary>Assembly of the app host; null for the entry assembly.</summary>
    public string? AssemblyName { get; set; }

    /// <summary>Runs without dashboard.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>Prints what the resources write, also when the host is not run from a console.</summary>
    public bool EnableResourceLogging { get; set; }

    /// <summary>Allows HTTP between host and dashboard; here it is always so, on loopback.</summary>
    public bool AllowUnsecuredTransport { get; set; }

    /// <summary>Folder of the app host's project; null for what the build recorded.</summary>
    public string? ProjectDirectory { get; set; }

    /// <summary>Name shown by the dashboard; null for the project's name.</summary>
    public string? DashboardApplicationName { get; set; }

    /// <summary>Ports fixed in the description are replaced with free ones, and data is not kept (tests).</summary>
    internal bool Testing { get; set; }

    internal Assembly? Assembly => AssemblyName is null ? Assembly.GetEntryAssembly() : Assembly.Load(AssemblyName);
}
