using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Operations.Tests.Console;

/// <summary>The page on a phone, without a mouse, for screen readers, in light and dark.</summary>
[Collection(nameof(ConsoleWorld))]
public sealed class AccessibilityTests(ConsoleWorld world)
{
    /// <summary>Everything that a person would stumble over, found in the page itself.</summary>
    private const string Stumbles = """
        () => {
          const found = [];
          const visible = element => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
          const name = element => (element.getAttribute('aria-label')
            ?? (element.getAttribute('aria-labelledby') ?? '').split(/\s+/).filter(Boolean)
              .map(id => document.getElementById(id)?.textContent ?? '').join(' ')).trim()
            || [...(element.labels ?? [])].map(label => label.textContent).join(' ').trim()
            || element.textContent.trim();
          for (const element of document.querySelectorAll('a, button, input, progress, summary, dialog[open], [role]'))
            if (visible(element) && !name(element) && !['status', 'alert'].includes(element.getAttribute('role')))
              found.push(`no name: ${element.outerHTML.slice(0, 120)}`);
          for (const image of document.querySelectorAll('img'))
            if (image.getAttribute('alt') === null) found.push(`no alt: ${image.outerHTML}`);

          const headings = [...document.querySelectorAll('h1, h2, h3, h4')].filter(visible)
            .map(heading => Number(heading.tagName[1]));
          if (headings.filter(level => level === 1).length !== 1) found.push(`headings of level 1: ${headings}`);
          headings.forEach((level, index) => {
            if (index > 0 && level > headings[index - 1] + 1)
              found.push(`a heading of level ${level} follows ${headings[index - 1]}`);
          });
          for (const landmark of ['header', 'nav[aria-label]', 'main', '[role=search]'])
            if (document.querySelectorAll(landmark).length !== 1) found.push(`not one ${landmark}`);
          const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
          ids.filter((id, index) => ids.indexOf(id) !== index).forEach(id => found.push(`twice: #${id}`));
          if (!document.documentElement.lang) found.push('no language');

          const parts = color => {
            const canvas = new OffscreenCanvas(1, 1).getContext('2d');
            canvas.fillStyle = color;
            canvas.fillRect(0, 0, 1, 1);
            return [...canvas.getImageData(0, 0, 1, 1).data];
          };
          const light = ([red, green, blue]) => [red, green, blue].map(value => value / 255)
            .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
            .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
          const behind = element => {
            for (let at = element; at; at = at.parentElement) {
              const color = parts(getComputedStyle(at).backgroundColor);
              if (color[3] > 250) return color;
            }
            return parts('Canvas');
          };
          for (const element of document.querySelectorAll('body *')) {
            const hasText = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
            if (!hasText || !visible(element) || element.closest('.unseen, .skip, script, noscript')) continue;
            const [a, b] = [light(parts(getComputedStyle(element).color)), light(behind(element))];
            const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (contrast < 4.5) found.push(`contrast ${contrast.toFixed(2)}: ${element.outerHTML.slice(0, 100)}`);
          }
          for (const element of document.querySelectorAll('button, summary, nav a')) {
            const box = element.getBoundingClientRect();
            if (visible(element) && box.height < 24)
              found.push(`only ${box.height} high: ${element.outerHTML.slice(0, 100)}`);
          }
          return found;
        }
        """;

    [Theory]
    [InlineData(1280, 900, false, "desktop")]
    [InlineData(1280, 900, true, "desktop-dark")]
    [InlineData(360, 740, false, "phone")]
    [InlineData(360, 740, true, "phone-dark")]
    public async Task Everything_has_a_name_a_place_and_enough_contrast_at_any_width(
        int width, int height, bool dark, string picture)
    {
        await using var page = await Open(width, height, dark);
        await page.SeeLive();
        await Expect(page.Page.Locator("#event-list > li").First).ToBeVisibleAsync();
        await page.Picture(picture);

        await SeeNothingToStumbleOver(page);
        await page.Page.Locator("#event-list > li").First.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.Page.Locator("#event")).ToBeVisibleAsync();
        await page.Picture($"{picture}-event", whole: false);
        await SeeNothingToStumbleOver(page);
        await page.Page.Keyboard.PressAsync("Escape");
        await page.Button("Rebuild order-details").ClickAsync();
        await Expect(page.Confirmation).ToBeVisibleAsync();
        await page.Picture($"{picture}-confirm", whole: false);
        await SeeNothingToStumbleOver(page);
    }

    [Fact]
    public async Task All_is_done_with_the_keyboard_and_the_focus_is_never_lost()
    {
        await using var page = await Open(1280, 900);
        await page.SeeLive();
        var keys = page.Page.Keyboard;

        await keys.PressAsync("Tab");
        await Expect(page.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" })).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(page.Page.Locator("#main")).ToBeFocusedAsync();
        Assert.Equal(
            ["10 quiet rules", "Pause customer-orders", "Rebuild customer-orders", "Pause order-details"],
            await Next(page, 4));

        await keys.PressAsync("Enter");
        await Expect(page.Confirmation.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeFocusedAsync();
        await keys.PressAsync("Escape");
        await Expect(page.Button("Pause order-details")).ToBeFocusedAsync();

        await keys.PressAsync("Enter");
        Assert.Equal(["Pause"], await Next(page, 1));
        await keys.PressAsync("Enter");
        await Expect(page.Page.Locator("#announcer")).ToContainTextAsync("order-details is paused");
        await Expect(page.Button("Resume order-details")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        Assert.Equal(["Resume"], await Next(page, 1));
        await keys.PressAsync("Enter");
        await Expect(page.State("order-details")).ToHaveTextAsync("live");

        // Updates leave the focus where it is.
        await world.Append(ConsoleWorld.Placed(Guid.CreateVersion7()));
        await Expect(page.Button("Pause order-details")).ToBeFocusedAsync();
        Assert.NotEqual("none", await page.Page.EvaluateAsync<string>(
            "() => getComputedStyle(document.activeElement).outlineStyle"));
    }

    private Task<ConsolePage> Open(int width, int height, bool dark = false) =>
        ConsolePage.Open(world.Browser, world.Operations.Address, width, height, dark);

    private static async Task SeeNothingToStumbleOver(ConsolePage page)
    {
        Assert.Empty(await page.Page.EvaluateAsync<string[]>(Stumbles));
        var width = await page.Page.EvaluateAsync<JsonElement>(
            "() => ({ page: document.scrollingElement.scrollWidth, window: innerWidth })");
        Assert.True(
            width.GetProperty("page").GetInt32() <= width.GetProperty("window").GetInt32(), $"It scrolls: {width}");
    }

    /// <summary>The names of what has the focus after each of so many presses of the tabulator.</summary>
    private static async Task<List<string>> Next(ConsolePage page, int count)
    {
        List<string> names = [];
        for (var press = 0; press < count; press++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            names.Add(await page.Page.EvaluateAsync<string>(
                "() => (document.activeElement.ariaLabel ?? document.activeElement.textContent).trim()"));
        }

        return names;
    }
}
