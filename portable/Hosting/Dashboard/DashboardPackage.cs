using System.Runtime.InteropServices;

namespace Portable.Hosting.Dashboard;

/// <summary>
/// The npm package that carries the Aspire dashboard: the Aspire command line, one file, which unpacks it.
/// </summary>
internal static class DashboardPackage
{
    /// <summary>The version this app host was tried with; for another, look at its pages first.</summary>
    public const string Version = "13.5.4";

    /// <summary>The program that is the dashboard when its first argument is <c>dashboard</c>.</summary>
    public const string Executable = "aspire-managed";

    /// <summary>The package for this machine, or null where there is none.</summary>
    public static string? Name { get; } = (OperatingSystem.IsLinux(), RuntimeInformation.OSArchitecture) switch
    {
        (true, Architecture.X64) => "@microsoft/aspire-cli-linux-x64",
        (true, Architecture.Arm64) => "@microsoft/aspire-cli-linux-arm64",
        _ => null,
    };

    /// <summary>Where npm puts the Aspire command line in the folder it installs into.</summary>
    public static string CommandLine(string folder) => Path.Combine(folder, "node_modules", Name!, "bin", "aspire");
}
