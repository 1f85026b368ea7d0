using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Testing;

namespace Portable.Hosting.Tests.Running;

public sealed class ProjectTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_project_gets_its_environment_under_the_names_that_Aspire_uses()
    {
        var builder = Applications.Builder();
        var redis = builder.AddRedis("cache");
        var secret = builder.AddParameter("token", "s3cret", secret: true);
        var other = builder.AddService("other-api");
        builder.AddService("asked")
            .WithReference(redis)
            .WithReference(other)
            .WithEnvironment("TOKEN", secret)
            .WithEnvironment("OTHER", other.GetEndpoint("http"))
            .WithArgs("--color", "blue");
        await using var application = await builder.Started(Cancel);
        await application.Healthy("asked");

        using var client = application.CreateHttpClient("asked");
        var environment = await client.GetFromJsonAsync<Dictionary<string, string>>("/environment", Cancel);
        var arguments = await client.GetFromJsonAsync<string[]>("/arguments", Cancel);

        Assert.NotNull(environment);
        var otherUrl = application.GetEndpoint("other-api").GetLeftPart(UriPartial.Authority);
        Assert.Equal(await application.GetConnectionStringAsync("cache", Cancel), environment["ConnectionStrings__cache"]);
        Assert.Equal(otherUrl, environment["services__other-api__http__0"]);
        Assert.Equal(otherUrl, environment["OTHER_API_HTTP"]);
        Assert.Equal(otherUrl, environment["OTHER"]);
        Assert.Equal("s3cret", environment["TOKEN"]);
        Assert.Equal(client.BaseAddress!.GetLeftPart(UriPartial.Authority), environment["ASPNETCORE_URLS"]);
        Assert.Equal("Development", environment["ASPNETCORE_ENVIRONMENT"]);
        Assert.Equal("Development", environment["DOTNET_ENVIRONMENT"]);
        Assert.Equal("asked", environment["OTEL_SERVICE_NAME"]);
        Assert.StartsWith("service.instance.id=", environment["OTEL_RESOURCE_ATTRIBUTES"]);
        Assert.Equal(["service", "--color", "blue"], arguments!);
    }

    [Fact]
    public async Task A_resource_starts_after_what_it_waits_for_is_healthy()
    {
        var builder = Applications.Builder();
        var first = builder.AddService("first");
        builder.AddService("second").WaitFor(first);
        await using var application = await builder.Started(Cancel);

        var second = await application.Healthy("second");

        var firstReport = (await application.Healthy("first")).Snapshot;
        Assert.True(firstReport.StartTimeStamp < second.Snapshot.StartTimeStamp);
    }

    [Fact]
    public async Task A_resource_can_wait_for_the_end_of_another()
    {
        var builder = Applications.Builder();
        var task = builder.AddProject<TestHost.ServiceProject>("task").WithArgs("end", "0");
        builder.AddService("service").WaitForCompletion(task);
        await using var application = await builder.Started(Cancel);

        await application.Healthy("service");

        var ended = await application.Reaches("task", snapshot => snapshot.State?.Text == KnownResourceStates.Finished);
        Assert.Equal(0, ended.Snapshot.ExitCode);
    }

    [Fact]
    public async Task What_waits_for_a_task_that_fails_says_which_and_with_which_code()
    {
        var builder = Applications.Builder();
        var task = builder.AddProject<TestHost.ServiceProject>("task").WithArgs("end", "7");
        builder.AddService("service").WaitForCompletion(task);
        await using var application = await builder.Started(Cancel);

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => application.Healthy("service"));

        Assert.Contains("'task'", failure.Message);
        Assert.Contains("exit code 7", failure.Message);
    }

    [Fact]
    public async Task A_crashed_project_is_started_again()
    {
        var builder = Applications.Builder();
        builder.AddService("service");
        await using var application = await builder.Started(Cancel);
        var before = await application.Healthy("service");
        using var client = application.CreateHttpClient("service");
        var process = await client.GetFromJsonAsync<int>("/process", Cancel);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.PostAsync("/crash", content: null, Cancel));
        await application.Reaches("service", snapshot =>
            snapshot.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy
            && snapshot.StartTimeStamp > before.Snapshot.StartTimeStamp);

        Assert.NotEqual(process, await client.GetFromJsonAsync<int>("/process", Cancel));
    }

    [Fact]
    public async Task A_project_that_never_gets_up_fails_with_its_last_words()
    {
        var builder = Applications.Builder();
        builder.AddProject<TestHost.ServiceProject>("broken").WithArgs("end", "9")
            .WithHttpEndpoint().WithHttpHealthCheck("/health");
        await using var application = await builder.Started(Cancel);

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => application.Healthy("broken"));

        Assert.Contains("exit code 9", failure.Message);
    }

    [Fact(Timeout = 180_000)]
    public async Task Replicas_share_an_endpoint_and_survive_each_other()
    {
        var builder = Applications.Builder();
        builder.AddService("service").WithReplicas(2);
        await using var application = await builder.Started(Cancel);
        await application.Reaches("service", snapshot => snapshot.HealthReports.Length > 0);
        await application.Healthy("service");

        var both = await Processes(application);
        while (both.Count < 2) both.UnionWith(await Processes(application));
        await application.ResourceCommands.ExecuteCommandAsync("service-1", KnownResourceCommands.StopCommand, Cancel);

        Assert.Single(await Processes(application));
    }

    [Fact]
    public async Task A_resource_starts_when_asked_if_it_is_to()
    {
        var builder = Applications.Builder();
        builder.AddService("service").WithExplicitStart();
        await using var application = await builder.Started(Cancel);
        await application.Reaches("service", snapshot => snapshot.State?.Text == KnownResourceStates.NotStarted);

        await application.ResourceCommands.ExecuteCommandAsync("service", KnownResourceCommands.StartCommand, Cancel);

        await application.Healthy("service");
    }

    [Fact]
    public async Task What_a_project_writes_is_kept_and_can_be_watched()
    {
        var builder = Applications.Builder();
        builder.AddService("service");
        await using var application = await builder.Started(Cancel);
        await application.Healthy("service");

        var lines = new List<string>();
        await foreach (var batch in application.Services.GetRequiredService<ResourceLoggerService>()
            .GetAllAsync("service").WithCancellation(Cancel)) lines.AddRange(batch.Select(line => line.Content));

        Assert.Contains(lines, line => line.EndsWith("the service starts", StringComparison.Ordinal));
    }

    /// <summary>The processes that answer to a few requests, each over a connection of its own.</summary>
    private static async Task<HashSet<int>> Processes(DistributedApplication application)
    {
        var answers = new HashSet<int>();
        for (var request = 0; request < 6; request++)
        {
            using var client = application.CreateHttpClient("service");
            answers.Add(await client.GetFromJsonAsync<int>("/process", Cancel));
        }
        return answers;
    }
}
