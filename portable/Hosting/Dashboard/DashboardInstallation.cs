using Portable.Hosting.Data;

namespace Portable.Hosting.Dashboard;

/// <summary>
/// Finds the dashboard on this machine or installs it from npm into <paramref name="folder"/>, once per version: a
/// second app host that starts meanwhile waits for the first. What a killed installation leaves behind is removed by
/// the next; a folder named after a version is always whole.
/// </summary>
internal sealed class DashboardInstallation(string folder, Action<string> say)
{
    /// <summary>Names a dashboard that is already there: the variable that Aspire's own app host reads.</summary>
    public const string PathVariable = "ASPIRE_DASHBOARD_PATH";

    private static readonly TimeSpan betweenTries = TimeSpan.FromMilliseconds(250);

    /// <summary>How long to wait for another app host's installation.</summary>
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(20);

    /// <summary>The folder for installed dashboards in the user's cache (XDG_CACHE_HOME, else ~/.cache).</summary>
    public static string DefaultFolder => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache : Home(".cache"),
        "portable-hosting", "dashboard");

    private string Installed => Path.Combine(folder, DashboardPackage.Version, DashboardPackage.Executable);

    /// <summary>The dashboard's program where one is there already: named, installed before, or Aspire's own.</summary>
    /// <exception cref="DistributedApplicationException">The variable names a file that is not there.</exception>
    public string? Find()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } named)
        {
            return File.Exists(named) ? named : throw new DistributedApplicationException(
                $"{PathVariable} names {named}, which is not there: correct it, or unset it to have npm install one.");
        }

        var ofAspire = Path.Combine(Home(".aspire"), "bundle", "managed", DashboardPackage.Executable);
        return File.Exists(Installed) ? Installed : File.Exists(ofAspire) ? ofAspire : null;
    }

    /// <summary>Returns if the dashboard is there or can be installed as far as one can tell without trying.</summary>
    /// <exception cref="DistributedApplicationException">It cannot be had; the message has the way out.</exception>
    public void Check()
    {
        if (Find() is not null) return;
        if (DashboardPackage.Name is null)
        {
            throw new DistributedApplicationException(
                $"There is no package of it for this kind of machine; {PathVariable} may name one.");
        }

        Npm.Check();
    }

    /// <summary>The dashboard's program, installed if need be.</summary>
    /// <exception cref="DistributedApplicationException">It is not there and cannot be installed.</exception>
    public async Task<string> Provide(CancellationToken cancellationToken)
    {
        Check();
        if (Find() is { } found) return found;
        try
        {
            Directory.CreateDirectory(folder);
            using var turn = await Turn(cancellationToken);
            if (!File.Exists(Installed)) await Install(cancellationToken);
            return Installed;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException($"Can't install it into {folder}: {failure.Message}", failure);
        }
    }

    private async Task<FolderLock> Turn(CancellationToken cancellationToken)
    {
        var end = DateTime.UtcNow + patience;
        while (true)
        {
            if (FolderLock.TryTake(folder) is { } turn) return turn;
            if (DateTime.UtcNow > end)
            {
                throw new DistributedApplicationException(
                    $"Another app host has been installing into {folder} for {patience.TotalMinutes:0} minutes: " +
                    "end that one.");
            }

            await Task.Delay(betweenTries, cancellationToken);
        }
    }

    private async Task Install(CancellationToken cancellationToken)
    {
        foreach (var leftOver in Directory.EnumerateDirectories(folder, "unfinished-*"))
            Directory.Delete(leftOver, recursive: true);
        var unfinished = Directory.CreateDirectory(Path.Combine(folder, $"unfinished-{Guid.NewGuid():N}")).FullName;
        try
        {
            say($"installing the Aspire dashboard {DashboardPackage.Version} with npm into {folder} (once) ...");
            var package = $"{DashboardPackage.Name}@{DashboardPackage.Version}";
            await new Npm(say).Install(package, unfinished, cancellationToken);
            Directory.Move(await Unpack(unfinished, cancellationToken), Path.GetDirectoryName(Installed)!);
            say($"installed the Aspire dashboard {DashboardPackage.Version}");
        }
        finally
        {
            Directory.Delete(unfinished, recursive: true);
        }
    }

    /// <summary>
    /// Has the command line unpack what it carries; returns the folder of the dashboard among it. The command line
    /// unpacks a second copy into its home at its first run, unless that is where it is told to unpack: so it gets a
    /// home of its own.
    /// </summary>
    private static async Task<string> Unpack(string unfinished, CancellationToken cancellationToken)
    {
        var home = Directory.CreateDirectory(Path.Combine(unfinished, "home")).FullName;
        var unpacked = Path.Combine(home, ".aspire");
        await Npm.Run(
            DashboardPackage.CommandLine(unfinished),
            ["setup", "--nologo", "--non-interactive", "--install-path", unpacked],
            new Dictionary<string, string>(Globalization.Variables)
            {
                ["HOME"] = home,
                ["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true",
            },
            cancellationToken);
        var program = Directory
            .EnumerateFiles(unpacked, DashboardPackage.Executable, SearchOption.AllDirectories)
            .FirstOrDefault();
        return Path.GetDirectoryName(program) ?? throw new DistributedApplicationException(
            $"{DashboardPackage.Name} {DashboardPackage.Version} unpacked without {DashboardPackage.Executable}.");
    }

    private static string Home(string folder) =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), folder);
}
