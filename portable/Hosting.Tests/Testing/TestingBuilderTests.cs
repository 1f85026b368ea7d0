using Portable.Hosting.Testing;
using Portable.Hosting.TestHost;

namespace Portable.Hosting.Tests.Testing;

public sealed class TestingBuilderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_test_runs_the_app_host_on_ports_and_data_of_its_own()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<ServiceProject>(Cancel);
        Assert.Contains(builder.Resources, resource => resource.Name == "service");
        await using var application = await builder.BuildAsync(Cancel);
        await application.StartAsync(Cancel);
        await application.Healthy("service");

        using var client = application.CreateHttpClient("service");

        Assert.Equal("healthy", await client.GetStringAsync("/health", Cancel));
        Assert.StartsWith("amqp://", await application.GetConnectionStringAsync("broker", Cancel));
    }

    [Fact]
    public async Task An_app_host_that_fails_to_describe_itself_fails_the_test() =>
        await Assert.ThrowsAsync<DistributedApplicationException>(
            () => DistributedApplicationTestingBuilder.CreateAsync<ServiceProject>(["--data"], Cancel));
}
