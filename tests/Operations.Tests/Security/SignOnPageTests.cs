using Microsoft.Playwright;
using Operations.Tests.Console;
using Operations.Tests.ServicePulse;
using static Microsoft.Playwright.Assertions;

namespace Operations.Tests.Security;

/// <summary>Signing on to the page, in Chromium.</summary>
[Collection(nameof(ConsoleWorld))]
public sealed class SignOnPageTests(ConsoleWorld world)
{
    private static readonly string Ada = SignOnTests.Key(), Bob = SignOnTests.Key();

    [Fact]
    public async Task An_operator_signs_on_acts_under_the_own_name_and_signs_off()
    {
        await using var operations = await Start();
        await using var page = await ConsolePage.Open(world.Browser, operations.Address);
        await Expect(page.Page).ToHaveTitleAsync("Sign on – Operations");
        await page.Page.GetByLabel("Your key").FillAsync(SignOnTests.Key());
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not known");
        await page.Picture("sign-in", whole: false);

        await page.Page.GetByLabel("Your key").FillAsync(Ada);
        await page.Page.Keyboard.PressAsync("Enter");
        await page.SeeLive();
        await Expect(page.Page.Locator("#who")).ToContainTextAsync("ada");
        await page.Do("Pause revenue", "Pause");
        await Expect(page.State("revenue")).ToHaveTextAsync("paused");
        await Expect(page.Page.Locator("#action-list > li").First).ToContainTextAsync("ada");
        await page.Do("Resume revenue", "Resume");
        await Expect(page.State("revenue")).ToHaveTextAsync("live");

        await page.Button("Sign off").ClickAsync();
        await Expect(page.Page).ToHaveTitleAsync("Sign on – Operations");
        await page.Page.GotoAsync("/console/");
        await Expect(page.Page).ToHaveTitleAsync("Sign on – Operations");
    }

    [Fact]
    public async Task A_viewer_sees_everything_and_no_button_that_acts()
    {
        await using var operations = await Start();
        await using var page = await ConsolePage.Open(world.Browser, operations.Address);
        await page.Page.GetByLabel("Your key").FillAsync(Bob);
        await page.Page.Keyboard.PressAsync("Enter");
        await page.SeeLive();
        await Expect(page.Page.Locator("#who")).ToContainTextAsync("bob, viewer");
        await Expect(page.Button("Rebuild order-details")).ToHaveCountAsync(0);
        await page.Picture("viewer");
    }

    /// <summary>Where its files are named; its pages are loaded, and their calls carry the cookie.</summary>
    [Fact]
    public async Task ServicePulse_below_the_same_address_asks_in_the_name_of_who_signed_on()
    {
        var folder = ServicePulseBrowser.Folder ?? Stub();
        await using var operations = await Start($"--Operations:ServicePulseFolder={folder}");
        await using var context = await world.Browser.NewContextAsync(
            new() { BaseURL = operations.Address.ToString() });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/servicepulse/");
        await page.GetByLabel("Your key").FillAsync(Ada);
        List<string> answers = [];
        page.Response += (_, response) =>
        {
            if (response.Url.Contains("/api/", StringComparison.Ordinal))
                answers.Add($"{response.Status} {response.Url}");
        };
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText(ServicePulseBrowser.Folder is null ? "errors: 0" : "System status"))
            .ToBeVisibleAsync(new() { Timeout = 60_000 });
        Assert.NotEmpty(answers);
        Assert.DoesNotContain(answers, answer => answer.StartsWith("40", StringComparison.Ordinal));
        if (ServicePulseBrowser.Folder is null)
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>A page that finds Operations and asks it as ServicePulse does.</summary>
    private static string Stub()
    {
        var folder = Directory.CreateTempSubdirectory("servicepulse").FullName;
        File.WriteAllText(
            Path.Combine(folder, "index.html"),
            """
            <!doctype html><title>Stand-in</title><p id="said"></p><script src="js/app.constants.js"></script><script>
              fetch(window.defaultConfig.service_control_url + 'errors?status=unresolved')
                .then(answer => { said.textContent = 'errors: ' + answer.headers.get('Total-Count'); });
            </script>
            """);
        return folder;
    }

    private Task<RunningOperations> Start(params string[] more) => RunningOperations.Start(
        world.Servers,
        [
            $"--ConnectionStrings:readmodels={world.ReadModelsConnection}",
            .. SignOnTests.Accounts(("ada", "operator", Ada), ("bob", "viewer", Bob)), .. more,
        ]);
}
