using Portable.Hosting.Processes;

namespace Portable.Hosting.Servers;

/// <summary>
/// Installs missing servers with apt-get when it may (Debian or Ubuntu, as root), and otherwise says which command
/// does.
/// </summary>
/// <param name="say">Takes the lines that tell the user what is going on.</param>
/// <param name="aptGet">Path of apt-get; null where it may not be used.</param>
/// <param name="startPolicy">Script that Debian's packages ask whether they may start their services.</param>
internal sealed class Installer(Action<string> say, string? aptGet, string startPolicy)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    public Installer(Action<string> say) : this(say, AptGet, "/usr/sbin/policy-rc.d")
    {
    }

    private static string? AptGet => Environment.UserName == "root" ? Programs.Find("apt-get") : null;

    /// <exception cref="DistributedApplicationException">Something is missing and can't be installed.</exception>
    public async Task Ensure(IReadOnlyCollection<Requirement> requirements, CancellationToken cancellationToken)
    {
        if (Missing(requirements).Count == 0) return;
        var installer = aptGet ?? throw new DistributedApplicationException(Advice(Missing(requirements)));

        // Several app hosts and test processes may find the same server missing: one installs, the others wait for it.
        using var turn = await Turn(cancellationToken);
        var missing = Missing(requirements);
        if (missing.Count == 0) return;
        say($"{Names(missing)} missing on this machine: installing {string.Join(", ", Packages(missing))} with apt-get ...");
        using var noServices = ForbidServices();
        await Apt(installer, ["update", "-q"], missing, cancellationToken);
        await Apt(
            installer,
            [
                "install", "-q", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=600",
                .. Packages(missing),
            ],
            missing, cancellationToken);
        if (Missing(requirements) is { Count: > 0 } still)
            throw new DistributedApplicationException(
                $"apt-get installed {string.Join(", ", Packages(still))}, yet {Names(still)} not found: see where it went " +
                $"with dpkg -L {Packages(still).First()}.");
        say($"installed {string.Join(", ", Packages(missing))}");
    }

    /// <summary>The path of apt-get, where this process may use it.</summary>
    /// <exception cref="DistributedApplicationException">It may not; the message has the command that does.</exception>
    public static string Check(IReadOnlyCollection<Requirement> requirements) =>
        AptGet ?? throw new DistributedApplicationException(Advice(Missing(requirements)));

    private static List<Requirement> Missing(IEnumerable<Requirement> requirements) =>
        [.. requirements.Where(requirement => requirement.Find() is null).DistinctBy(requirement => requirement.Package)];

    private static IEnumerable<string> Packages(IEnumerable<Requirement> missing) =>
        missing.Select(requirement => requirement.Package);

    private static string Names(IReadOnlyCollection<Requirement> missing) =>
        $"{string.Join(", ", missing.Select(requirement => requirement.Name))} {(missing.Count == 1 ? "is" : "are")}";

    private static string Advice(IReadOnlyCollection<Requirement> missing) =>
        $"{Names(missing)} missing on this machine. Install with: sudo apt-get update && sudo apt-get install -y " +
        $"--no-install-recommends {string.Join(' ', Packages(missing))}";

    private static async Task Apt(
        string installer, string[] arguments, IReadOnlyCollection<Requirement> missing, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var quiet = new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive" };
        var (code, output) = await Command.Run(installer, arguments, user: null, quiet, limit.Token);
        if (code == 0) return;
        var last = string.Join(" | ", output.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(3));
        throw new DistributedApplicationException(
            $"apt-get {arguments[0]} failed with code {code} ({last}). {Advice(missing)}");
    }

    private static async Task<FileStream> Turn(CancellationToken cancellationToken)
    {
        var path = Path.Combine(Path.GetTempPath(), "portable-hosting-install.lock");
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
            }
        }
    }

    /// <summary>
    /// Debian's packages start their service on its usual port, unless this policy forbids it. The policy holds as long
    /// as this process lives, so that a file left by a crash forbids nothing.
    /// </summary>
    private Removal? ForbidServices()
    {
        if (File.Exists(startPolicy)) return null;
        File.WriteAllText(
            startPolicy,
            $"#!/bin/sh\n# Services of packages being installed stay off while process {Environment.ProcessId} runs.\n" +
            $"kill -0 {Environment.ProcessId} 2>/dev/null && exit 101\nexit 0\n");
        File.SetUnixFileMode(
            startPolicy,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        return new Removal(startPolicy);
    }

    private sealed class Removal(string path) : IDisposable
    {
        public void Dispose() => File.Delete(path);
    }
}
