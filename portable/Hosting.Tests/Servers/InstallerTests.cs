using Portable.Hosting.Servers;

namespace Portable.Hosting.Tests.Servers;

public sealed class InstallerTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly List<string> said = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Program => folder.File("brokerd");

    private string Journal => folder.File("apt.log");

    private string Policy => folder.File("policy-rc.d");

    private Requirement Broker => new("Broker", "broker-server", () => File.Exists(Program) ? Program : null);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Without_the_right_to_install_the_exact_command_is_printed()
    {
        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => new Installer(said.Add, aptGet: null, Policy).Ensure([Broker], Cancel));

        Assert.Equal(
            "Broker is missing on this machine. Install with: sudo apt-get update && sudo apt-get install -y " +
            "--no-install-recommends broker-server", failure.Message);
    }

    [Fact]
    public async Task What_is_missing_is_installed_with_services_forbidden_and_the_user_told()
    {
        var installer = new Installer(said.Add, AptGet($"[ \"$1\" = update ] || touch '{Program}'"), Policy);

        await installer.Ensure([Broker], Cancel);

        var calls = await File.ReadAllLinesAsync(Journal, Cancel);
        Assert.StartsWith("update", calls[0]);
        Assert.Matches("^install .*-y .*--no-install-recommends .*broker-server .*policy says 101$", calls[1]);
        Assert.False(File.Exists(Policy));
        Assert.Contains(said, line => line.Contains("installing broker-server", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_there_is_not_installed()
    {
        await File.WriteAllTextAsync(Program, "", Cancel);

        await new Installer(said.Add, AptGet("exit 1"), Policy).Ensure([Broker], Cancel);

        Assert.False(File.Exists(Journal));
        Assert.Empty(said);
    }

    [Fact]
    public async Task Hosts_that_start_at_once_install_once()
    {
        var aptGet = AptGet($"[ \"$1\" = update ] || {{ sleep 1; touch '{Program}'; }}");

        await Task.WhenAll(Enumerable.Range(0, 3).Select(
            _ => Task.Run(() => new Installer(_ => { }, aptGet, Policy).Ensure([Broker], Cancel), Cancel)));

        Assert.Single(
            await File.ReadAllLinesAsync(Journal, Cancel), line => line.StartsWith("install", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_installation_says_why_and_what_to_do()
    {
        var installer = new Installer(said.Add, AptGet("echo 'E: no network' >&2; exit 100"), Policy);

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => installer.Ensure([Broker], Cancel));

        Assert.Contains("code 100 (E: no network)", failure.Message);
        Assert.Contains("sudo apt-get install", failure.Message);
    }

    /// <summary>An apt-get that writes down how it was called, and what the policy on services said then.</summary>
    private string AptGet(string action)
    {
        var path = folder.File("apt-get");
        File.WriteAllText(
            path, $"#!/bin/sh\n'{Policy}'; echo \"$* policy says $?\" >> '{Journal}'\n{action}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
