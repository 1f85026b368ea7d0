using Microsoft.Playwright;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace Operations.Tests.Console;

/// <summary>Projections on the console page, driven in Chromium as an operator would.</summary>
[Collection(nameof(ConsoleWorld))]
public sealed class ProjectionPageTests(ConsoleWorld world)
{
    [Fact]
    public async Task Projections_are_listed_and_move_without_a_reload()
    {
        await using var page = await Open();
        await page.SeeLive();

        var head = await world.Append(ConsoleWorld.Placed(Guid.CreateVersion7()));

        await Expect(page.Card("order-details").Locator("dd").Nth(3)).ToHaveTextAsync($"{head} of {head}");
        await Expect(page.Card("order-details")).ToContainTextAsync("postgres, v1");
        await page.Picture("light");
    }

    [Fact]
    public async Task A_projection_is_paused_and_resumed_after_a_confirmation_and_it_is_on_record()
    {
        await using var page = await Open();
        await page.SeeLive();

        await page.Button("Pause order-details").ClickAsync();
        await Expect(page.Confirmation).ToContainTextAsync("Pause order-details?");
        await page.Picture("confirm", whole: false);
        await page.Confirmation.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(page.Button("Pause order-details")).ToBeFocusedAsync();
        Assert.Equal("live", await page.State("order-details").TextContentAsync());

        await page.Do("Pause order-details", "Pause");
        await Expect(page.Outcome).ToContainTextAsync("order-details is paused");
        await Expect(page.State("order-details")).ToHaveTextAsync("paused");
        await page.Do("Resume order-details", "Resume");
        await Expect(page.State("order-details")).ToHaveTextAsync("live");

        var newest = page.Page.Locator("#action-list > li").First;
        await Expect(newest).ToContainTextAsync("resume order-details");
        await Expect(newest).ToContainTextAsync("anonymous");
    }

    [Fact]
    public async Task A_rebuild_is_asked_for_and_takes_the_live_builds_place()
    {
        await using var page = await Open();
        await page.SeeLive();

        await page.Do("Rebuild product-details", "Rebuild");

        await Expect(page.Outcome).ToContainTextAsync("product-details");
        await Until("SELECT build >= 2 FROM projections.checkpoints "
            + "WHERE projection = 'product-details' AND state = 'live'");
        await Expect(page.State("product-details")).ToHaveTextAsync("live");
    }

    [Fact]
    public async Task A_parked_stream_is_seen_with_its_error_and_retried_or_its_event_skipped()
    {
        await using var page = await Open();
        await page.SeeLive();
        await world.Execute(
            "ALTER TABLE customer_orders_1.customer_orders ADD CONSTRAINT no_fraud CHECK (customer_id <> 'fraud')");
        var (mended, skipped) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await world.Append(ConsoleWorld.Placed(mended, "fraud"));
        await world.Append(ConsoleWorld.Placed(skipped, "fraud"));
        var card = page.Card("customer-orders");
        await Expect(card).ToContainTextAsync("2 parked streams");
        await card.Locator("summary").ClickAsync();
        var parked = card.Locator("li").Filter(new() { HasText = mended.ToString() });
        await Expect(parked.Locator("pre")).ToContainTextAsync("no_fraud");
        await page.Picture("parked");

        await page.Do($"Retry order/demo/{mended}", "Retry");
        await Expect(page.Outcome).ToContainTextAsync("no_fraud");
        await Expect(page.Outcome).ToHaveAttributeAsync("data-failed", "true");
        await page.Do($"Skip event order/demo/{skipped}", "Skip event");
        await Expect(card).ToContainTextAsync("1 parked stream");
        await world.Execute("ALTER TABLE customer_orders_1.customer_orders DROP CONSTRAINT no_fraud");
        await page.Do($"Retry order/demo/{mended}", "Retry");

        await Expect(card.Locator("summary")).ToBeHiddenAsync();
        await Until("SELECT count(*) = 1 FROM read.customer_orders WHERE customer_id = 'fraud'");
        var actions = page.Page.Locator("#action-list > li");
        await Expect(actions.First).ToContainTextAsync($"retry customer-orders order/demo/{mended}");
        await Expect(actions.Nth(1)).ToContainTextAsync($"skip customer-orders order/demo/{skipped}");
    }

    [Fact]
    public async Task A_database_that_is_away_is_said_and_the_page_recovers()
    {
        await world.Execute("CREATE ROLE console_watcher LOGIN SUPERUSER PASSWORD 'watch'");
        var connection = new NpgsqlConnectionStringBuilder(world.ReadModelsConnection)
        {
            Username = "console_watcher", Password = "watch",
        };
        await using var operations = await RunningOperations.Start(
            world.Servers, $"--ConnectionStrings:readmodels={connection}");
        await using var page = await ConsolePage.Open(world.Browser, operations.Address);
        await page.SeeLive();
        var problem = page.Page.Locator("#projections-problem");
        await Expect(problem).ToBeHiddenAsync();

        await world.Execute("ALTER ROLE console_watcher NOLOGIN");
        await world.Execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'console_watcher'");
        await Expect(problem).ToContainTextAsync("does not answer");
        await page.Do("Pause order-details", "Pause");
        await Expect(page.Outcome).ToContainTextAsync("A database does not answer");
        await page.Picture("away");

        await world.Execute("ALTER ROLE console_watcher LOGIN");
        await Expect(problem).ToBeHiddenAsync();
        await page.SeeLive();
    }

    [Fact]
    public async Task A_question_right_behind_another_gets_its_own_answer()
    {
        await using var page = await Open();
        await page.SeeLive();

        await page.Button("Pause customer-orders").EvaluateAsync(
            "button => { button.click(); document.getElementById('confirm').close(); button.click(); }");
        await page.Confirmation.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();

        await Expect(page.State("customer-orders")).ToContainTextAsync("paused");
        await page.Do("Resume customer-orders", "Resume");
        await Expect(page.State("customer-orders")).ToHaveTextAsync("live");
    }

    private Task<ConsolePage> Open() => ConsolePage.Open(world.Browser, world.Operations.Address);

    private async Task Until(string condition)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            await using var command = world.ReadModels.CreateCommand(condition);
            if (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) is true)
                return;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"It never was so: {condition}");
    }
}
