using System.Reflection;

namespace Portable.Hosting;

/// <summary>The app host's own options on the command line; everything else is left to configuration.</summary>
/// <param name="Ephemeral">Data lives in a temporary folder and goes with the host.</param>
/// <param name="NoDashboard">Runs without dashboard.</param>
/// <param name="DataFolder">Folder for data and logs; null for the default one.</param>
/// <param name="Help">Prints the options and ends.</param>
/// <param name="Remaining">Arguments for configuration (<c>--Key=value</c>).</param>
internal sealed record HostCommandLine(
    bool Ephemeral, bool NoDashboard, string? DataFolder, bool Help, string[] Remaining)
{
    private const string OptionMetadata = "option ";

    private const string Options = """
        Starts the whole system on this machine: servers, services and dashboard. Ctrl+C stops it.

          --ephemeral           keep no data: use a temporary folder and delete it at the end
          --data DIR            keep data, generated passwords and logs in DIR
          --no-dashboard        run without the dashboard
          --Ports:NAME=PORT     listen on PORT instead of the usual port of the resource NAME
          --Parameters:NAME=VALUE
                                value of a parameter, such as the password of a server
          --Section:Key=VALUE   any other setting, as in appsettings.json
          --help                show this
        """;

    /// <summary>
    /// The options of every app host, and those of this one: it describes them in assembly metadata, with keys such as
    /// <c>option --demo</c>.
    /// </summary>
    public static string Usage(Assembly? appHost)
    {
        var own = (appHost?.GetCustomAttributes<AssemblyMetadataAttribute>() ?? [])
            .Where(metadata => metadata.Key.StartsWith(OptionMetadata, StringComparison.Ordinal))
            .Select(metadata => $"  {metadata.Key[OptionMetadata.Length..],-21} {metadata.Value}");
        return string.Join(Environment.NewLine, own.Prepend(Options));
    }

    /// <exception cref="DistributedApplicationException">An option lacks its value.</exception>
    public static HostCommandLine Parse(IReadOnlyList<string> args)
    {
        var parsed = new HostCommandLine(false, false, null, false, []);
        var remaining = new List<string>();
        for (var index = 0; index < args.Count; index++)
        {
            switch (args[index])
            {
                case "--ephemeral":
                    parsed = parsed with { Ephemeral = true };
                    break;
                case "--no-dashboard":
                    parsed = parsed with { NoDashboard = true };
                    break;
                case "--help" or "-h" or "-?":
                    parsed = parsed with { Help = true };
                    break;
                case "--data" when index + 1 < args.Count:
                    parsed = parsed with { DataFolder = Path.GetFullPath(args[++index]) };
                    break;
                case "--data":
                    throw new DistributedApplicationException("--data needs a folder: --data DIR.");
                case var assignment when assignment.StartsWith("--data=", StringComparison.Ordinal):
                    parsed = parsed with { DataFolder = Path.GetFullPath(assignment["--data=".Length..]) };
                    break;
                default:
                    remaining.Add(args[index]);
                    break;
            }
        }
        return parsed with { Remaining = [.. remaining] };
    }

    /// <summary>
    /// The arguments that configuration understands. A switch of the app host's own, such as <c>--demo</c>, has no
    /// value and would swallow the argument after it.
    /// </summary>
    public string[] ForConfiguration() => [.. Remaining.Where(argument => argument.Contains('='))];
}
