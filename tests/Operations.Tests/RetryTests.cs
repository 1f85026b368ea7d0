using System.Text.Json;
using Servers;

namespace Operations.Tests;

/// <summary>The way of a failed message, asked for as ServicePulse asks.</summary>
public sealed class RetryTests(TestServers servers)
{
    [Fact]
    public async Task A_failed_message_is_listed_read_retried_and_resolved_by_its_endpoint()
    {
        await using var operations = await RunningOperations.Start(servers);
        operations.Warehouse.Broken[1] = true;
        await operations.Send(1, 2);

        var failed = Assert.Single(await operations.Messages("unresolved", 1));
        var id = failed.GetProperty("id").GetString();
        Assert.Equal(typeof(PackParcel).FullName, failed.GetProperty("message_type").GetString());
        Assert.Equal("Tests.Shipping", failed.GetProperty("queue_address").GetString());
        Assert.Equal(1, failed.GetProperty("number_of_processing_attempts").GetInt32());
        Assert.Equal("Parcel 1 does not fit.", failed.GetProperty("exception").GetProperty("message").GetString());
        Assert.Contains("PacksParcels.Handle", failed.GetProperty("exception").GetProperty("stack_trace").GetString());
        var found = await operations.Get($"messages/search/{failed.GetProperty("message_id").GetString()}");
        var message = found.EnumerateArray().Single(one => one.GetProperty("id").GetString() == id);
        var body = await operations.Get(message.GetProperty("body_url").GetString()![1..]);
        Assert.Equal(1, body.GetProperty("Number").GetInt32());

        await operations.Accept(HttpMethod.Post, "errors/retry", new[] { id });
        var again = Assert.Single(await operations.Messages("unresolved", 1), one =>
            one.GetProperty("id").GetString() == id);
        while (again.GetProperty("number_of_processing_attempts").GetInt32() < 2)
            again = await operations.Get($"errors/last/{id}");

        operations.Warehouse.Broken.Clear();
        await operations.Accept(HttpMethod.Post, $"errors/{id}/retry");
        Assert.Single(await operations.Messages("resolved", 1));
        Assert.Equal([1, 2], operations.Warehouse.Packed.Order());
    }

    [Fact]
    public async Task A_group_is_retried_also_across_a_restart_and_waits_to_be_acknowledged()
    {
        await using var operations = await RunningOperations.Start(servers);
        var numbers = Enumerable.Range(1, 40).ToArray();
        foreach (var number in numbers)
            operations.Warehouse.Broken[number] = true;
        await operations.Send(numbers);
        await operations.Messages("unresolved", 40);
        var group = Assert.Single((await operations.Get("recoverability/groups/Message%20Type")).EnumerateArray());
        Assert.Equal(40, group.GetProperty("count").GetInt32());
        Assert.Equal("None", group.GetProperty("operation_status").GetString());
        var id = group.GetProperty("id").GetString();

        operations.Warehouse.Broken.Clear();
        await operations.Accept(HttpMethod.Post, $"recoverability/groups/{id}/errors/retry");
        await operations.Restart();

        await operations.Messages("resolved", 40);
        Assert.Equal(numbers, operations.Warehouse.Packed.Order());
        var done = Assert.Single((await operations.Get("recoverability/groups/Message%20Type")).EnumerateArray());
        Assert.Equal("Completed", done.GetProperty("operation_status").GetString());
        Assert.True(done.GetProperty("need_user_acknowledgement").GetBoolean());
        using var acknowledged =
            await operations.Send(HttpMethod.Delete, $"recoverability/unacknowledgedgroups/{id}");
        Assert.True(acknowledged.IsSuccessStatusCode);
        Assert.Empty((await operations.Get("recoverability/groups/Message%20Type")).EnumerateArray());
        var history = await operations.Get("recoverability/history");
        var last = history.GetProperty("historic_operations")[0];
        Assert.Equal(40, last.GetProperty("number_of_messages_processed").GetInt32());
    }

    [Fact]
    public async Task A_message_is_archived_restored_edited_and_sent_in_its_place()
    {
        await using var operations = await RunningOperations.Start(servers);
        operations.Warehouse.Broken[7] = true;
        await operations.Send(7);
        var failed = Assert.Single(await operations.Messages("unresolved", 1));
        var id = failed.GetProperty("id").GetString();

        await operations.Accept(HttpMethod.Patch, "errors/archive/", new[] { id });
        await operations.Messages("archived", 1);
        Assert.Single((await operations.Get("errors/groups/Endpoint%20Name")).EnumerateArray());
        await operations.Accept(HttpMethod.Patch, "errors/unarchive/", new[] { id });
        await operations.Messages("unresolved", 1);

        var message = (await operations.Get($"messages/search/{failed.GetProperty("message_id").GetString()}"))[0];
        var headers = message.GetProperty("headers").EnumerateArray().ToDictionary(
            header => header.GetProperty("key").GetString()!, header => header.GetProperty("value").GetString()!);
        var edit = new { message_body = """{"Number":8}""", message_headers = headers };
        await operations.Accept(HttpMethod.Post, $"edit/{id}", edit);
        using var second = await operations.Send(HttpMethod.Post, $"edit/{id}", edit);
        var answer = JsonSerializer.Deserialize<JsonElement>(
            await second.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.True(answer.GetProperty("edit_ignored").GetBoolean());

        await operations.Messages("resolved", 1);
        for (var tries = 0; tries < 600 && operations.Warehouse.Packed.IsEmpty; tries++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal([8], operations.Warehouse.Packed);
        // The edit that was ignored is recorded behind its answer.
        string[] actions = [];
        for (var tries = 0; tries < 600 && actions.Length < 4; tries++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            actions = [.. (await operations.Get("actions")).EnumerateArray()
                .Select(action => $"{action.GetProperty("action")} {action.GetProperty("outcome")}")];
        }

        Assert.Equal(["edit refused", "edit done", "restore done", "archive done"], actions);
    }
}
