using System.Net;
using Servers;

namespace Operations.Tests.Console;

/// <summary>The line that the page listens on.</summary>
public sealed class LiveTests(TestServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_listener_gets_a_snapshot_at_once_and_the_end_of_the_stream_when_the_service_stops()
    {
        await using var operations = await RunningOperations.Start(servers);
        using var client = new HttpClient { BaseAddress = operations.Address, Timeout = Timeout.InfiniteTimeSpan };
        using var response = await client.GetAsync(
            "console/live", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));

        Assert.Equal("event: snapshot", await lines.ReadLineAsync(Cancellation));
        var data = await lines.ReadLineAsync(Cancellation);
        Assert.Contains("ConnectionStrings__readmodels", data);
        Assert.Contains("\"failed\":{\"value\":{\"count\":0", data);

        // A stream that is cut off instead of ended throws.
        var rest = lines.ReadToEndAsync(Cancellation);
        await operations.Restart();
        await rest;
    }

    [Fact]
    public async Task Listeners_are_bounded_and_one_who_leaves_makes_room()
    {
        await using var operations = await RunningOperations.Start(servers);
        using var client = new HttpClient { BaseAddress = operations.Address };
        var listeners = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => client.GetAsync(
            "console/live", HttpCompletionOption.ResponseHeadersRead, Cancellation)));
        Assert.All(listeners, listener => Assert.Equal(HttpStatusCode.OK, listener.StatusCode));

        using (var refused = await client.GetAsync("console/live", Cancellation))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Contains("100 pages", await refused.Content.ReadAsStringAsync(Cancellation));
        }

        listeners[0].Dispose();
        for (var tries = 0; ; tries++)
        {
            using var next = await client.GetAsync(
                "console/live", HttpCompletionOption.ResponseHeadersRead, Cancellation);
            if (next.StatusCode == HttpStatusCode.OK)
                break;
            Assert.True(tries < 600, "Nobody made room.");
            await Task.Delay(100, Cancellation);
        }

        foreach (var listener in listeners)
            listener.Dispose();
    }
}
