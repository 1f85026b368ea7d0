using System.Collections.Concurrent;
using Portable.Hosting.Dashboard;
using Portable.Hosting.Data;

namespace Portable.Hosting.Tests.Dashboard;

public sealed class DashboardInstallationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task App_hosts_that_start_at_the_same_time_install_it_once()
    {
        using var temporary = TemporaryFolder.Create("dashboard-installation");
        var folder = Path.Combine(temporary.Path, "cache");
        var leftOver = Directory.CreateDirectory(Path.Combine(folder, "unfinished-by-a-killed-one")).FullName;
        var said = new ConcurrentQueue<string>();
        Task<string> Provide() =>
            Task.Run(() => new DashboardInstallation(folder, said.Enqueue).Provide(Cancellation), Cancellation);

        string[] programs;
        try
        {
            programs = await Task.WhenAll(Provide(), Provide(), Provide());
        }
        catch (DistributedApplicationException failure)
        {
            // A machine without npm, or without a way to the packages: then the user is told what is missing.
            Assert.Contains("npm", failure.Message);
            return;
        }

        var program = Assert.Single(programs.Distinct());
        Assert.True(File.Exists(program), $"{program} is missing");
        var hasInstalled = program.StartsWith(folder, StringComparison.Ordinal);
        var installations = said.Count(line => line.StartsWith("installing the Aspire", StringComparison.Ordinal));
        Assert.Equal(hasInstalled ? 1 : 0, installations);
        Assert.Equal(hasInstalled, !Directory.Exists(leftOver));
    }
}
