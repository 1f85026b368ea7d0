using System.Net;
using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Operations.Tests.Console;

/// <summary>The event log on the console page.</summary>
[Collection(nameof(ConsoleWorld))]
public sealed class EventPageTests(ConsoleWorld world)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_are_found_by_stream_type_and_tag_newest_first()
    {
        var order = Guid.CreateVersion7();
        await world.Append(ConsoleWorld.Placed(order));
        await world.Append(new Commerce.Contracts.Ordering.OrderConfirmed(ConsoleWorld.Tenant, order));
        await using var page = await ConsolePage.Open(world.Browser, world.Operations.Address);
        var rows = page.Page.Locator("#event-list > li");
        await Expect(rows.First).ToContainTextAsync("order-confirmed");

        await page.Page.GetByLabel("Stream").FillAsync($"order/demo/{order}");
        await page.Button("Show events").ClickAsync();
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(rows.Nth(1)).ToContainTextAsync("order-placed");

        await page.Button("Clear").ClickAsync();
        await page.Page.GetByLabel("Type").FillAsync("product-registered");
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(rows).ToHaveCountAsync(2);
        await page.Page.GetByLabel("Tag").FillAsync("sku:85123A");
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(rows).ToContainTextAsync("product/demo/85123A");
        await page.Page.GetByLabel("Tenant").FillAsync("nobody");
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.Locator("#events-note")).ToHaveTextAsync("0 events");
    }

    [Fact]
    public async Task An_event_opens_with_its_data_as_text_and_a_link_to_its_trace()
    {
        const string markup = "<img src=x onerror=alert(1)>";
        await world.Append(ConsoleWorld.Placed(Guid.CreateVersion7(), markup));
        await using var page = await ConsolePage.Open(world.Browser, world.Operations.Address);

        await page.Page.Locator("#event-list > li").First.GetByRole(AriaRole.Button).ClickAsync();

        var dialog = page.Page.Locator("#event");
        await Expect(dialog).ToBeVisibleAsync();
        await Expect(dialog.Locator("pre")).ToContainTextAsync(markup);
        await Expect(dialog.Locator("pre")).ToContainTextAsync("15.30");
        Assert.Equal(0, await dialog.Locator("img").CountAsync());
        await Expect(dialog.GetByRole(AriaRole.Link, new() { Name = "Show its trace" }))
            .ToHaveAttributeAsync("href", $"http://dashboard.example/traces/detail/{ConsoleWorld.Trace}");
        Assert.DoesNotContain("Lovelace", await dialog.TextContentAsync());
        await page.Picture("event", whole: false);
        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Pages_of_the_log_follow_each_other_without_gaps()
    {
        await world.Append([.. Enumerable.Range(0, 5).Select(_ => ConsoleWorld.Placed(Guid.CreateVersion7()))]);
        var all = PositionsIn(await world.Operations.Get("../console/events?size=200"));
        List<long> paged = [];
        long? next = long.MaxValue;
        while (next is { } before)
        {
            var answer = await world.Operations.Get($"../console/events?size=2&before={before}");
            paged.AddRange(PositionsIn(answer));
            next = answer.TryGetProperty("next", out var further) ? further.GetInt64() : null;
        }

        Assert.Equal(all, paged);
        Assert.Equal(paged.OrderDescending(), paged);
    }

    [Theory]
    [InlineData("events?since=yesterday", HttpStatusCode.BadRequest, "yesterday")]
    [InlineData("events?size=0", HttpStatusCode.BadRequest, "size")]
    [InlineData("events?before=-1", HttpStatusCode.BadRequest, "before")]
    [InlineData("events?type=%00", HttpStatusCode.BadRequest, "NUL")]
    [InlineData("events/999999999", HttpStatusCode.NotFound, "999999999")]
    [InlineData("none.js", HttpStatusCode.NotFound, "none.js")]
    public async Task What_cannot_be_answered_is_said(string path, HttpStatusCode status, string words)
    {
        using var response = await world.Operations.Client.GetAsync($"../console/{path}", Cancellation);
        Assert.Equal(status, response.StatusCode);
        Assert.Contains(words, await response.Content.ReadAsStringAsync(Cancellation));
    }

    private static List<long> PositionsIn(JsonElement answer) =>
        [.. answer.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("position").GetInt64())];
}
