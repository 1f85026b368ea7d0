using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace ServiceDefaults.Tests;

public sealed class ConfigurationTests
{
    [Fact]
    public void A_missing_connection_string_is_named_with_the_way_to_give_it()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);

        var error = Assert.Throws<InvalidOperationException>(() => builder.AddDatabase("commerce"));

        Assert.Contains("'commerce'", error.Message);
        Assert.Contains("ConnectionStrings__commerce", error.Message);
    }

    [Fact]
    public void Frameworks_log_warnings_only()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);

        builder.AddServiceDefaults();

        Assert.Equal("Warning", builder.Configuration["Logging:LogLevel:Npgsql"]);
    }

    [Fact]
    public void What_is_configured_wins_over_the_log_defaults()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Logging:LogLevel:Npgsql", "Debug")]);

        builder.AddServiceDefaults();

        Assert.Equal("Debug", builder.Configuration["Logging:LogLevel:Npgsql"]);
    }
}
