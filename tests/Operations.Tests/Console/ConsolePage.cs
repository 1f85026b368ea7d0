using Microsoft.Playwright;

namespace Operations.Tests.Console;

/// <summary>The console page in a browser of its own; what the browser complains about fails the test.</summary>
internal sealed class ConsolePage : IAsyncDisposable
{
    private const float Patience = 60_000;

    private readonly IBrowserContext context;
    private readonly List<string> complaints = [];

    private ConsolePage(IBrowserContext context, IPage page)
    {
        (this.context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("Failed to load resource", StringComparison.Ordinal))
                complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
    }

    public IPage Page { get; }

    public ILocator Confirmation => Page.Locator("#confirm");

    public ILocator Outcome => Page.Locator("#outcome");

    public static async Task<ConsolePage> Open(
        IBrowser browser, Uri operations, int width = 1280, int height = 900, bool dark = false)
    {
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = operations.ToString(),
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            Locale = "en-GB",
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        var console = new ConsolePage(context, page);
        await page.GotoAsync("/console");
        return console;
    }

    public ILocator Card(string projection) =>
        Page.Locator("#projection-list > li").Filter(new()
        {
            Has = Page.GetByRole(AriaRole.Heading, new() { Name = projection, Exact = true }),
        });

    public ILocator State(string projection) => Card(projection).Locator(".state");

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>Presses a button and says yes in the dialog.</summary>
    public async Task Do(string button, string verb)
    {
        await Button(button).ClickAsync();
        await Confirmation.GetByRole(AriaRole.Button, new() { Name = verb, Exact = true }).ClickAsync();
    }

    /// <summary>The line to Operations stands and the projections are there.</summary>
    public async Task SeeLive()
    {
        await Assertions.Expect(Page.Locator("#connection")).ToHaveTextAsync("Live");
        await Assertions.Expect(State("order-details")).ToHaveTextAsync("live");
    }

    /// <summary>For people to look at, where <c>SCREENSHOTS</c> names a folder.</summary>
    public async Task Picture(string name, bool whole = true)
    {
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } folder)
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"console-{name}.png"), FullPage = whole });
    }

    public async ValueTask DisposeAsync()
    {
        await context.CloseAsync();
        Assert.Empty(complaints);
    }
}
