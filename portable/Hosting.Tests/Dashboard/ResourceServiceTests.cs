using Microsoft.Extensions.Logging;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Dashboard.Wire;
using HealthStatus = Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus;
using Resource = Portable.Hosting.Dashboard.Wire.Resource;

namespace Portable.Hosting.Tests.Dashboard;

public sealed class ResourceServiceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_application_tells_its_name()
    {
        await using var service = await ResourceServiceFixture.Start(Cancellation);

        using var call = await service.Client.Call(
            "GetApplicationInformation", new ApplicationInformationRequest(), Cancellation);

        Assert.Equal("Shop", (await call.Next(ApplicationInformationResponse.Parser, Cancellation))!.ApplicationName);
        Assert.Equal((0, ""), await call.End(Cancellation));
    }

    [Fact]
    public async Task A_watcher_gets_every_resource_and_then_what_changes()
    {
        await using var service = await ResourceServiceFixture.Start(Cancellation);
        await service.Publish(snapshot => snapshot with { State = KnownResourceStates.Starting });

        using var call = await service.Client.Call("WatchResources", new WatchResourcesRequest(), Cancellation);
        var first = await call.Next(WatchResourcesUpdate.Parser, Cancellation);
        Assert.Equal(WatchResourcesUpdate.KindOneofCase.InitialData, first!.KindCase);

        await service.Publish(snapshot => snapshot with { State = KnownResourceStates.Running });
        await foreach (var update in call.All(WatchResourcesUpdate.Parser, Cancellation))
        {
            Assert.Equal(WatchResourcesUpdate.KindOneofCase.Changes, update.KindCase);
            if (update.Changes.Value.Any(change => change.Upsert is { Name: "api", State: "Running" })) break;
        }
    }

    [Fact]
    public async Task All_that_is_known_of_a_resource_is_sent()
    {
        await using var service = await ResourceServiceFixture.Start(Cancellation);
        service.Api.Add("refill", _ => Task.FromResult(CommandResults.Success()));
        var time = new DateTime(2026, 5, 4, 3, 2, 1, DateTimeKind.Utc);
        await service.Publish(snapshot => snapshot with
        {
            ResourceType = "Project",
            State = new ResourceStateSnapshot(KnownResourceStates.Running, "success"),
            CreationTimeStamp = time,
            StartTimeStamp = time.AddSeconds(1),
            StopTimeStamp = time.AddSeconds(2),
            ExitCode = 3,
            Urls = [new UrlSnapshot("http", "http://localhost:5100", IsInternal: false)],
            EnvironmentVariables = [new EnvironmentVariableSnapshot("KEY", "secret", IsFromSpec: true)],
            Properties =
            [
                new ResourcePropertySnapshot("token", "t0p") { IsSensitive = true },
                new ResourcePropertySnapshot("executable.args", new[] { "--a", "b" }),
            ],
            Relationships = [new RelationshipSnapshot("db", "Reference")],
            HealthReports = [new HealthReportSnapshot("ping", HealthStatus.Degraded, "slow", "boom")],
        });

        var resource = await Published(service, published => published.State == "Running");

        Assert.Equal(("api", "api", "Project"), (resource.Name, resource.DisplayName, resource.ResourceType));
        Assert.Equal("success", resource.StateStyle);
        Assert.Equal(time, resource.CreatedAt.ToDateTime());
        Assert.Equal(time.AddSeconds(1), resource.StartedAt.ToDateTime());
        Assert.Equal(time.AddSeconds(2), resource.StoppedAt.ToDateTime());
        Assert.Equal("http://localhost:5100", Assert.Single(resource.Urls).FullUrl);
        var variable = Assert.Single(resource.Environment);
        Assert.Equal(("KEY", "secret", true), (variable.Name, variable.Value, variable.IsFromSpec));
        ResourceProperty Property(string name) => Assert.Single(resource.Properties, property => property.Name == name);
        var token = Property("token");
        Assert.Equal(("t0p", true), (token.Value.StringValue, token.IsSensitive));
        var arguments = Property("executable.args");
        Assert.Equal(["--a", "b"], arguments.Value.ListValue.Values.Select(value => value.StringValue));
        Assert.Equal("3", Property("resource.exitCode").Value.StringValue);
        Assert.Equal("Degraded", Property("resource.healthState").Value.StringValue);
        var relationship = Assert.Single(resource.Relationships);
        Assert.Equal(("db", "Reference"), (relationship.ResourceName, relationship.Type));
        var report = Assert.Single(resource.HealthReports);
        Assert.Equal(
            ("ping", "slow", "boom", Hosting.Dashboard.Wire.HealthStatus.Degraded),
            (report.Key, report.Description, report.Exception, report.Status));
        var command = Assert.Single(resource.Commands);
        Assert.Equal(("refill", "REFILL", "Sure?"), (command.Name, command.DisplayName, command.ConfirmationMessage));
        Assert.Equal(Hosting.Dashboard.Wire.ResourceCommandState.Enabled, command.State);
    }

    [Fact]
    public async Task A_project_is_named_so_that_the_dashboard_finds_its_telemetry()
    {
        await using var service = await ResourceServiceFixture.Start(Cancellation);
        var project = new ProjectResource("query-api");
        var replicas = new ProjectResource("projections");
        await service.Notifications.PublishUpdateAsync(project, snapshot => snapshot);
        await service.Notifications.PublishUpdateAsync(replicas, "projections-2", snapshot => snapshot);
        service.Loggers.GetLogger(project).LogInformation("from the only one");
        await Published(service, published => published is { Name: "query-api-1", DisplayName: "query-api" });
        await Published(service, published => published is { Name: "projections-2", DisplayName: "projections" });

        using var call = await service.Client.Call(
            "WatchResourceConsoleLogs",
            new WatchResourceConsoleLogsRequest { ResourceName = "query-api-1", SuppressFollow = true },
            Cancellation);

        var lines = await call.Next(WatchResourceConsoleLogsUpdate.Parser, Cancellation);
        Assert.EndsWith("from the only one", Assert.Single(lines!.LogLines).Text);
    }

    [Fact]
    public async Task A_watcher_that_does_not_read_misses_steps_and_not_the_end()
    {
        await using var service = await ResourceServiceFixture.Start(Cancellation);
        using var call = await service.Client.Call("WatchResources", new WatchResourcesRequest(), Cancellation);

        for (var step = 1; step <= 2_000; step++)
        {
            var state = new ResourceStateSnapshot($"Step {step}", new string('x', 500));
            await service.Publish(snapshot => snapshot with { State = state });
        }

        var last = "";
        await foreach (var update in call.All(WatchResourcesUpdate.Parser, Cancellation))
        {
            last = update.Changes?.Value.LastOrDefault(change => change.Upsert.Name == "api")?.Upsert.State ?? last;
            if (last == "Step 2000") break;
        }

        Assert.Equal("Step 2000", last);
    }

    [Fact]
    public async Task A_watcher_that_leaves_is_forgotten()
    {
        await using var service = await ResourceServiceFixture.Start(Cancellation);
        var call = await service.Client.Call("WatchResources", new WatchResourcesRequest(), Cancellation);
        await call.Next(WatchResourcesUpdate.Parser, Cancellation);
        Assert.Equal(1, service.Watchers);

        call.Dispose();

        while (service.Watchers > 0) await Task.Delay(20, Cancellation);
    }

    [Fact]
    public async Task The_end_of_the_app_host_ends_every_stream()
    {
        await using var service = await ResourceServiceFixture.Start(Cancellation);
        await service.Publish(snapshot => snapshot);
        await Published(service, published => published.Name == "api");
        using var resources = await service.Client.Call("WatchResources", new WatchResourcesRequest(), Cancellation);
        using var console = await service.Client.Call(
            "WatchResourceConsoleLogs", new WatchResourceConsoleLogsRequest { ResourceName = "api" }, Cancellation);

        await service.Stop();

        Assert.Equal((14, "The app host is stopping."), await resources.End(Cancellation));
        Assert.Equal((14, "The app host is stopping."), await console.End(Cancellation));
    }

    /// <summary>Watches until the resource is as described.</summary>
    internal static async Task<Resource> Published(ResourceServiceFixture service, Func<Resource, bool> wanted)
    {
        using var call = await service.Client.Call("WatchResources", new WatchResourcesRequest(), Cancellation);
        await foreach (var update in call.All(WatchResourcesUpdate.Parser, Cancellation))
        {
            var resources = update.InitialData?.Resources ?? update.Changes.Value.Select(change => change.Upsert);
            if (resources.FirstOrDefault(wanted) is { } found) return found;
        }

        throw new InvalidOperationException("The watch ended.");
    }
}
