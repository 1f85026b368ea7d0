using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using Operations.Site;

namespace Operations.Tests.ServicePulse;

/// <summary>The genuine ServicePulse, served by Operations and driven in Chromium.</summary>
internal sealed class ServicePulseBrowser : IServicePulse
{
    private const float Patience = 60_000;

    private readonly WebApplication site;
    private readonly IPlaywright playwright;
    private readonly IBrowser browser;
    private readonly IPage page;
    private readonly List<string> refused = [];
    private int pictures;

    private ServicePulseBrowser(WebApplication site, IPlaywright playwright, IBrowser browser, IPage page)
    {
        (this.site, this.playwright, this.browser, this.page) = (site, playwright, browser, page);
        page.Response += (_, response) =>
        {
            if (response.Status >= 400 && !response.Url.Contains("github", StringComparison.Ordinal))
                refused.Add($"{response.Status} {response.Request.Method} {response.Url}");
        };
    }

    /// <summary>The folder with ServicePulse's static files; null where there is none.</summary>
    public static string? Folder => Environment.GetEnvironmentVariable("SERVICEPULSE_WWW") is { Length: > 0 } folder
        ? folder
        : null;

    public static async Task<ServicePulseBrowser> Open(Uri operations, CancellationToken cancellationToken)
    {
        var site = ServicePulseSite.Create(
        [
            $"--servicepulse={Folder}", $"--services:operations:http:0={operations}", "--urls=http://127.0.0.1:0",
            "--Logging:LogLevel:Default=Warning",
        ]);
        await site.StartAsync(cancellationToken);
        var playwright = await Playwright.CreateAsync();
        var browser = await Chromium.Launch(playwright);
        var page = await browser.NewPageAsync(new()
        {
            BaseURL = site.Urls.Single(), ViewportSize = new() { Width = 1400, Height = 1000 },
        });
        page.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        return new ServicePulseBrowser(site, playwright, browser, page);
    }

    public async Task SeeGroup(string title, int count)
    {
        await Go("/failed-messages/failed-message-groups");
        await Expect(Group(title)).ToContainTextAsync($"{count} message");
        await Picture("groups");
    }

    public async Task<(string StackTrace, string Body)> Read(FailedMessageKey message)
    {
        await Go($"/messages/{message.Id}");
        await Tab("Stacktrace");
        var trace = page.Locator(".stack-trace-container");
        await Expect(trace).ToBeVisibleAsync();
        var stackTrace = await trace.InnerTextAsync();
        await Picture("stack-trace");
        await Tab("Headers");
        await Expect(page.GetByText("NServiceBus.FailedQ", new() { Exact = true })).ToBeVisibleAsync();
        await Picture("headers");
        await Tab("Message body");
        var body = page.Locator(".cm-content").First;
        await Expect(body).ToContainTextAsync("Number");
        await Picture("body");
        return (stackTrace, await body.InnerTextAsync());
    }

    public async Task Retry(FailedMessageKey message)
    {
        await Go($"/messages/{message.Id}");
        await Button("Retry message").ClickAsync();
        // To leave the page before the answer would take the request back.
        await page.RunAndWaitForResponseAsync(
            () => Button("Yes").ClickAsync(), response => response.Request.Method == "POST");
    }

    public async Task RetryGroup(string title)
    {
        await Go("/failed-messages/failed-message-groups");
        await Group(title).GetByRole(AriaRole.Button, new() { Name = "Request retry" }).ClickAsync();
        await Button("Yes").ClickAsync();
        await Expect(Group(title)).ToContainTextAsync("Retry request completed");
        await Picture("group-retried");
        await Button("Dismiss").ClickAsync();
        await Expect(Group(title)).ToHaveCountAsync(0);
    }

    public async Task EditAndRetry(FailedMessageKey message, string body)
    {
        await Go($"/messages/{message.Id}");
        await Button("Edit & retry").ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "edit and retry message" });
        await dialog.GetByText("Message Body").First.ClickAsync();
        var editor = dialog.Locator(".cm-content").First;
        await Expect(editor).ToContainTextAsync("Number");
        await editor.ClickAsync();
        await page.Keyboard.PressAsync("ControlOrMeta+A");
        await page.Keyboard.PressAsync("Delete");
        await page.Keyboard.InsertTextAsync(body);
        await Picture("edit");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Retry", Exact = true }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Yes", Exact = true }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
    }

    public async Task SeeProcessed(FailedMessageKey message)
    {
        await Go($"/messages/{message.Id}");
        var processed = page.GetByText("Processed", new() { Exact = true });
        for (var tries = 0; tries < 60 && await processed.CountAsync() == 0; tries++)
        {
            await page.WaitForTimeoutAsync(1000);
            await page.ReloadAsync();
            await Expect(Button("Export message")).ToBeVisibleAsync();
        }

        await Expect(processed).ToBeVisibleAsync();
        await Picture("processed");
    }

    public async Task Archive(FailedMessageKey message)
    {
        await Go($"/messages/{message.Id}");
        await Button("Delete message").ClickAsync();
        await Button("Yes").ClickAsync();
        await Expect(Button("Restore")).ToBeVisibleAsync();
        await Go("/failed-messages/all-deleted-messages");
        await Expect(page.GetByText(nameof(PackParcel)).First).ToBeVisibleAsync();
        await Picture("deleted");
    }

    public async Task Restore(FailedMessageKey message)
    {
        await Go($"/messages/{message.Id}");
        await Button("Restore").ClickAsync();
        await Button("Yes").ClickAsync();
        await Expect(Button("Delete message")).ToBeVisibleAsync();
        await Go("/failed-messages/all-failed-messages");
        await Expect(page.GetByText(nameof(PackParcel)).First).ToBeVisibleAsync();
        await Picture("all-failed");
    }

    public async Task Redirect(string from, string to)
    {
        // The configuration opens with the connections until it knows that they hold.
        await Go("/configuration");
        await page.GetByText("Retry Redirects").First.ClickAsync();
        await Button("Create Redirect").ClickAsync();
        await page.Locator("#sourceQueue").SelectOptionAsync(from);
        await page.GetByPlaceholder("Start writing...").PressSequentiallyAsync(to);
        await Picture("redirect");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await Expect(page.GetByText(to).First).ToBeVisibleAsync();
        await Picture("redirects");
    }

    public async Task SeeHeartbeats(string endpoint, bool alive)
    {
        await Go($"/heartbeats/{(alive ? "healthy" : "unhealthy")}");
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = endpoint }).First).ToBeVisibleAsync();
        await Picture(alive ? "alive" : "silent");
    }

    public async Task SeeThroughput(string endpoint)
    {
        await Go("/monitoring");
        await Expect(page.GetByRole(AriaRole.Gridcell, new() { Name = "throughput" }).First)
            .ToContainTextAsync(new Regex("[1-9]"));
        await Picture("monitoring");
        await page.Locator("a").Filter(new() { HasText = endpoint }).First.ClickAsync();
        await Expect(page.GetByText(nameof(PackParcel)).First).ToBeVisibleAsync();
        await Picture("monitoring-details");
    }

    public async Task SeeAllMessages(int count)
    {
        for (var tries = 0; ; tries++)
        {
            await Go("/messages");
            await Expect(page.Locator(".results-table .item").First).ToBeVisibleAsync();
            if (await page.Locator(".results-table .item").CountAsync() == count)
                break;
            Assert.True(tries < 60, $"There never were {count} messages on the page.");
            await page.WaitForTimeoutAsync(500);
        }

        await Expect(page.GetByText("Getting Started")).ToHaveCountAsync(0);
        await Picture("all-messages");
    }

    public async Task Find(string words, Type message)
    {
        await Go("/messages");
        var search = page.GetByLabel("Search messages");
        await Expect(search).ToBeEnabledAsync();
        await search.FillAsync(words);
        var found = page.Locator(".results-table .item");
        await Expect(found).ToHaveCountAsync(1);
        await Expect(found).ToContainTextAsync(message.Name);
        await Picture("search");
        await found.ClickAsync();
        await Expect(page.Locator(".message-type-title")).ToContainTextAsync(message.Name);
        await Tab("Message body");
        await Expect(page.Locator(".cm-content").First).ToContainTextAsync("{");
        await Picture("message");
        await Tab("Headers");
        await Expect(page.GetByText("NServiceBus.ConversationId", new() { Exact = true })).ToBeVisibleAsync();
    }

    public async Task SeeFlow(Type cause, Type effect)
    {
        await Tab("Flow Diagram");
        foreach (var message in new[] { cause, effect })
            await Expect(page.Locator(".vue-flow__node").Filter(new() { HasText = message.Name }).First).ToBeVisibleAsync();
        await Expect(page.Locator(".vue-flow__edge").First).ToBeAttachedAsync();
        await page.WaitForTimeoutAsync(500); // It moves to the message that is open.
        await Picture("flow");
    }

    public async Task SeeSequence(string endpoint, params Type[] messages)
    {
        await Tab("Sequence Diagram");
        await Expect(page.Locator(".endpoint-name").Filter(new() { HasText = endpoint }).First).ToBeVisibleAsync();
        foreach (var message in messages)
            await Expect(page.Locator("svg.sequence-diagram").GetByText(message.Name).First).ToBeAttachedAsync();
        await Picture("sequence");
    }

    public async Task SeeSaga(Type saga, Type started, Type sent)
    {
        await Tab("Saga Diagram");
        await Expect(page.GetByLabel("saga name")).ToContainTextAsync(saga.Name);
        await Expect(page.GetByLabel("initiating message type").Filter(new() { HasText = started.Name }))
            .ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = sent.Name }).First).ToBeVisibleAsync();
        await Expect(page.GetByText("Saga Completed").First).ToBeVisibleAsync();
        await Picture("saga");
        await SeeNothingRefused();
        // Now also of messages that are still under way, which have no body to show.
        await page.GetByLabel("show-message-data-button").ClickAsync();
        await Expect(page.Locator(".message-data").GetByText("Number").First).ToBeVisibleAsync();
        await Picture("saga-data");
        refused.Clear();
    }

    public async Task SeeEvent(string words)
    {
        await Go("/events");
        await Expect(page.GetByText(words).First).ToBeVisibleAsync();
        await Picture("events");
    }

    public async Task SeeConnections()
    {
        await Go("/configuration/connections");
        var tests = page.GetByRole(AriaRole.Button, new() { Name = "Test", Exact = true });
        await Expect(tests).ToHaveCountAsync(2);
        foreach (var test in await tests.AllAsync())
            await test.ClickAsync();
        await Expect(page.GetByText("Connection successful")).ToHaveCountAsync(2);
        await Picture("connections");
        await Go("/dashboard");
        await Expect(page.GetByText("System status")).ToBeVisibleAsync();
        await Picture("dashboard");
    }

    public Task SeeNothingRefused()
    {
        Assert.Empty(refused);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await browser.CloseAsync();
        playwright.Dispose();
        await site.DisposeAsync();
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private ILocator Group(string title) => page.Locator(".failed-message-group").Filter(new() { HasText = title });

    private ILocator Button(string name) => page.GetByRole(AriaRole.Button, new() { Name = name }).First;

    private Task Tab(string name) => page.Locator(".msg-tabs").GetByText(name, new() { Exact = true }).ClickAsync();

    /// <summary>Pages are addressed by the fragment: a change of it alone loads nothing.</summary>
    private async Task Go(string path)
    {
        await page.GotoAsync("about:blank");
        await page.GotoAsync($"/#{path}", new() { WaitUntil = WaitUntilState.DOMContentLoaded });
    }

    /// <summary>For people to look at, where <c>SCREENSHOTS</c> names a folder.</summary>
    private async Task Picture(string name)
    {
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{++pictures:00}-{name}.png") });
    }
}
