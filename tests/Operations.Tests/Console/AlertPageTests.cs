using System.Net.Http.Json;
using Operations.Tests.Alerts;
using static Microsoft.Playwright.Assertions;

namespace Operations.Tests.Console;

/// <summary>Alerts, load and failed messages on the console page.</summary>
[Collection(nameof(ConsoleWorld))]
public sealed class AlertPageTests(ConsoleWorld world)
{
    [Fact]
    public async Task A_raised_alert_is_seen_first_with_its_value_and_the_load_with_its_times()
    {
        await using var page = await ConsolePage.Open(world.Browser, world.Operations.Address);
        await page.SeeLive();
        var raised = page.Page.Locator("#alerts-raised > li");
        await Expect(page.Page.Locator("#alerts-quiet")).ToContainTextAsync("quiet rules");

        var service = new ReportedService { Uptime = 1 }.Decide(accepted: 80, rejected: 20);
        await Report(service);

        await Expect(raised).ToContainTextAsync("Many commands are refused");
        await Expect(raised).ToContainTextAsync("20 %, at most 5 %");
        await Expect(page.Page).ToHaveTitleAsync("(1) Operations");
        await Expect(page.Page.Locator("#announcer")).ToContainTextAsync("Alert: Many commands are refused");
        await Expect(page.Page.Locator("#load-cards > article").First).ToContainTextAsync("Refused20 %");
        await page.Picture("alert");

        await Report(service.Decide(accepted: 5000));
        await Expect(raised).ToHaveCountAsync(0);
        await Expect(page.Page).ToHaveTitleAsync("Operations");
    }

    [Fact]
    public async Task A_failed_message_is_counted_in_its_group()
    {
        await using var page = await ConsolePage.Open(world.Browser, world.Operations.Address);
        await Expect(page.Page.Locator("#failed-none")).ToBeVisibleAsync();
        await Expect(page.Page.Locator("#servicepulse")).ToHaveAttributeAsync("href", "http://pulse.example");

        world.Operations.Warehouse.Broken[1] = true;
        await world.Operations.Send(1);

        await Expect(page.Page.Locator("#failed-title")).ToHaveTextAsync("Failed messages (1)");
        await Expect(page.Page.Locator("#failed-groups > li")).ToContainTextAsync("InvalidOperationException");
        world.Operations.Warehouse.Broken.Clear();
        await world.Operations.Accept(HttpMethod.Post, "errors/retry/all");
        await Expect(page.Page.Locator("#failed-none")).ToBeVisibleAsync();
    }

    private async Task Report(ReportedService service)
    {
        using var taken = await world.Operations.Client.PostAsJsonAsync(
            "/operations/figures", service.Report, TestContext.Current.CancellationToken);
        Assert.True(taken.IsSuccessStatusCode);
    }
}
