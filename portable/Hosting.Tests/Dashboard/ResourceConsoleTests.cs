using Microsoft.Extensions.Logging;
using Portable.Hosting.Dashboard;
using Portable.Hosting.Dashboard.Wire;

namespace Portable.Hosting.Tests.Dashboard;

public sealed class ResourceConsoleTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_there_is_sent_and_then_followed()
    {
        await using var service = await Running();
        service.Loggers.GetLogger("api").LogInformation("hello");
        service.Loggers.GetLogger("api").LogError("ouch");

        using var call = await service.Client.Call(
            "WatchResourceConsoleLogs", new WatchResourceConsoleLogsRequest { ResourceName = "api" }, Cancellation);
        var lines = (await call.Next(WatchResourceConsoleLogsUpdate.Parser, Cancellation))!.LogLines;
        Assert.Equal([(1, false), (2, true)], lines.Select(line => (line.LineNumber, line.IsStdErr)));
        Assert.EndsWith("hello", lines[0].Text);
        Assert.EndsWith("ouch", lines[1].Text);

        service.Loggers.GetLogger("api").LogInformation("later");
        var later = await call.Next(WatchResourceConsoleLogsUpdate.Parser, Cancellation);
        Assert.EndsWith("later", Assert.Single(later!.LogLines).Text);
    }

    [Fact]
    public async Task Without_following_the_stream_ends_after_what_is_there()
    {
        await using var service = await Running();
        service.Loggers.GetLogger("api").LogInformation("hello");

        using var call = await service.Client.Call(
            "WatchResourceConsoleLogs",
            new WatchResourceConsoleLogsRequest { ResourceName = "api", SuppressFollow = true },
            Cancellation);

        Assert.NotNull(await call.Next(WatchResourceConsoleLogsUpdate.Parser, Cancellation));
        Assert.Equal((0, ""), await call.End(Cancellation));
    }

    [Fact]
    public async Task Much_output_comes_in_messages_that_clients_accept()
    {
        await using var service = await Running();
        var wide = new string('€', ConsoleLogBatches.LargestBatch + 10);
        service.Loggers.GetLogger("api").LogInformation("{Line}", wide);
        foreach (var number in Enumerable.Range(0, 50))
            service.Loggers.GetLogger("api").LogInformation("{Number} {Line}", number, new string('x', 100_000));

        using var call = await service.Client.Call(
            "WatchResourceConsoleLogs",
            new WatchResourceConsoleLogsRequest { ResourceName = "api", SuppressFollow = true },
            Cancellation);

        var numbers = new List<int>();
        await foreach (var update in call.All(WatchResourceConsoleLogsUpdate.Parser, Cancellation))
        {
            Assert.InRange(update.CalculateSize(), 1, 4 * 1024 * 1024);
            numbers.AddRange(update.LogLines.Select(line => line.LineNumber));
        }

        Assert.Equal(Enumerable.Range(1, 51), numbers);
    }

    [Fact]
    public async Task A_resource_that_does_not_exist_is_not_found()
    {
        await using var service = await Running();

        using var call = await service.Client.Call(
            "WatchResourceConsoleLogs", new WatchResourceConsoleLogsRequest { ResourceName = "naïve%" }, Cancellation);

        Assert.Equal((5, "There is no resource 'naïve%'."), await call.End(Cancellation));
    }

    private static async Task<ResourceServiceFixture> Running()
    {
        var service = await ResourceServiceFixture.Start(Cancellation);
        await service.Publish(snapshot => snapshot);
        await ResourceServiceTests.Published(service, published => published.Name == "api");
        return service;
    }
}
