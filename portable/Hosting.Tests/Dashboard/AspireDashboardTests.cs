using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Dashboard;
using Servers.Dashboard;

namespace Portable.Hosting.Tests.Dashboard;

/// <summary>
/// Against the real dashboard, installed by the first test that needs it. On a machine that cannot have it, these hold
/// that the application runs without, and says why.
/// </summary>
public sealed class AspireDashboardTests
{
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(15);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_takes_telemetry_reads_the_resources_returns_after_a_crash_and_ends_with_the_application()
    {
        await using var application = Application();
        await application.StartAsync(Cancellation);
        var dashboard = (AspireDashboard)application.Services.GetRequiredService<IDashboardLauncher>();
        if (await Settled(application) is not { } urls) return;

        using var telemetry = new DashboardTelemetry(new Uri(urls["http"]));
        var traceId = Guid.NewGuid().ToString("N");
        await SendSpan(urls["otlp-http"], traceId, "api", "0000000000000001", parent: "");
        await SendSpan(urls["otlp-http"], traceId, "worker", "0000000000000002", parent: "0000000000000001");
        var trace = await telemetry.WaitForTrace(traceId, trace => trace.Spans.Count == 2, patience, Cancellation);
        Assert.Equal(["api", "worker"], trace.Services.Order());
        Assert.True(trace.IsOneTree, trace.ToString());
        await Until(() => dashboard.IsConnected);

        var first = dashboard.Process!.Current!;
        first.Kill();
        await Until(() => dashboard.Process.Current is { } current && current.Id != first.Id);
        await UntilAnswers(urls["http"]);

        var second = dashboard.Process.Current!.Id;
        await application.StopAsync(Cancellation);
        Assert.False(Directory.Exists($"/proc/{second}"), $"process {second} is still there");
    }

    [Fact]
    public async Task The_application_can_be_told_to_run_without_it()
    {
        await using var disabled = DistributedApplication
            .CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true }).Build();
        await using var declined = DistributedApplication
            .CreateBuilder(new DistributedApplicationOptions { Args = ["--no-dashboard"] }).Build();

        Assert.Null(disabled.Services.GetService<IDashboardLauncher>());
        Assert.Null(declined.Services.GetService<IDashboardLauncher>());
    }

    private static DistributedApplication Application() => DistributedApplication.CreateBuilder(
        new DistributedApplicationOptions { Args = ["--ephemeral"], Testing = true }).Build();

    /// <summary>The dashboard's URLs by name once it answers; null where it cannot be had.</summary>
    private static async Task<IReadOnlyDictionary<string, string>?> Settled(DistributedApplication application)
    {
        var settled = await application.ResourceNotifications.WaitForResourceAsync(
                "aspire-dashboard",
                update => update.Snapshot.State?.Text is { } state
                    && (state == KnownResourceStates.Running || state == KnownResourceStates.FailedToStart),
                Cancellation)
            .WaitAsync(patience, Cancellation);
        if (settled.Snapshot.State!.Text == KnownResourceStates.FailedToStart)
        {
            Assert.NotEmpty(settled.Snapshot.Failure!);
            return null;
        }

        return settled.Snapshot.Urls.ToDictionary(url => url.Name!, url => url.Url);
    }

    private static async Task SendSpan(string otlp, string traceId, string service, string spanId, string parent)
    {
        static object Attribute(string key, string value) => new { key, value = new { stringValue = value } };
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000;
        var span = new
        {
            traceId,
            spanId,
            parentSpanId = parent,
            name = $"work in {service}",
            kind = 2,
            startTimeUnixNano = $"{now}",
            endTimeUnixNano = $"{now + 1_000_000}",
        };
        var body = new
        {
            resourceSpans = new[]
            {
                new
                {
                    resource = new { attributes = new[] { Attribute("service.name", service) } },
                    scopeSpans = new[] { new { scope = new { name = "test" }, spans = new[] { span } } },
                },
            },
        };
        using var http = new HttpClient();
        using var response = await http.PostAsJsonAsync($"{otlp}/v1/traces", body, Cancellation);
        response.EnsureSuccessStatusCode();
    }

    private static async Task UntilAnswers(string page)
    {
        using var http = new HttpClient();
        await Until(() =>
        {
            try
            {
                return http.Send(new HttpRequestMessage(HttpMethod.Get, page), Cancellation).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    private static async Task Until(Func<bool> condition)
    {
        var end = DateTime.UtcNow + patience;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < end, $"Waited {patience.TotalMinutes} minutes in vain.");
            await Task.Delay(100, Cancellation);
        }
    }
}
