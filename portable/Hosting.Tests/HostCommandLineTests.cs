namespace Portable.Hosting.Tests;

public sealed class HostCommandLineTests
{
    [Fact]
    public void Options_of_the_host_are_taken_out_of_the_arguments()
    {
        var parsed = HostCommandLine.Parse(["--demo", "--ephemeral", "--no-dashboard", "--data", "/srv/data", "--A:B=1"]);

        Assert.True(parsed.Ephemeral);
        Assert.True(parsed.NoDashboard);
        Assert.Equal("/srv/data", parsed.DataFolder);
        Assert.Equal(["--demo", "--A:B=1"], parsed.Remaining);
    }

    [Fact]
    public void A_switch_of_the_app_host_does_not_swallow_a_setting()
    {
        var parsed = HostCommandLine.Parse(["--demo", "--Ports:api=5000"]);

        Assert.Equal(["--Ports:api=5000"], parsed.ForConfiguration());
    }

    [Fact]
    public void Data_without_a_folder_is_refused() =>
        Assert.Throws<DistributedApplicationException>(() => HostCommandLine.Parse(["--data"]));
}
