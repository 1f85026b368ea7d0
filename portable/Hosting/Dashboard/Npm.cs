using Portable.Hosting.Processes;
using Portable.Hosting.Servers;

namespace Portable.Hosting.Dashboard;

/// <summary>npm on this machine; root on Debian or Ubuntu gets it from apt-get where it is missing.</summary>
internal sealed class Npm(Action<string> say)
{
    private static readonly Requirement requirement = new("npm", "npm", () => Programs.Find("npm"));

    /// <summary>How long one step may take: a slow line has to get 70 MB through.</summary>
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(10);

    /// <summary>Returns if npm is there, or can be installed as far as one can tell without trying.</summary>
    /// <exception cref="DistributedApplicationException">It is missing; the message has the line to run.</exception>
    public static void Check()
    {
        if (requirement.Find() is null) Installer.Check([requirement]);
    }

    /// <summary>Installs a package into a folder, and npm itself before that if it is missing.</summary>
    /// <exception cref="DistributedApplicationException">That failed; the message has npm's last words.</exception>
    public async Task Install(string package, string folder, CancellationToken cancellationToken)
    {
        await new Installer(say).Ensure([requirement], cancellationToken);
        await Run(
            requirement.Find()!,
            [
                "install", "--prefix", folder, "--no-save", "--no-package-lock", "--no-audit", "--no-fund",
                "--ignore-scripts", package,
            ],
            new Dictionary<string, string>(),
            cancellationToken);
    }

    /// <summary>Runs a program that ends by itself.</summary>
    /// <exception cref="DistributedApplicationException">It failed or took too long; with its last words.</exception>
    public static async Task Run(
        string program, string[] arguments, IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken)
    {
        var call = $"`{program} {string.Join(' ', arguments)}`";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            var (exitCode, output) = await Command.Run(program, arguments, user: null, environment, limit.Token);
            if (exitCode == 0) return;
            throw new DistributedApplicationException($"{call} failed with code {exitCode} ({Reason(output)}).");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DistributedApplicationException($"{call} did not end within {patience.TotalMinutes:0} minutes.");
        }
    }

    /// <summary>npm says what is wrong in its first lines of errors; other programs in their last.</summary>
    private static string Reason(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var errors = lines.Where(line => line.StartsWith("npm error", StringComparison.Ordinal)).Take(4).ToList();
        return string.Join(" | ", errors.Count > 0 ? errors : lines.TakeLast(3));
    }
}
