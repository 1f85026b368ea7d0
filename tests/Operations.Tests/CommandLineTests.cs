using System.Text.Json;
using Servers;

namespace Operations.Tests;

/// <summary><c>cqrs messages</c> as an operator runs it: a process of its own, against Operations.</summary>
public sealed class CommandLineTests(TestServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Failed_messages_are_listed_shown_archived_restored_edited_and_retried()
    {
        await using var operations = await RunningOperations.Start(servers);
        operations.Warehouse.Broken[1] = true;
        operations.Warehouse.Broken[2] = true;
        await operations.Send(1, 2);
        await operations.Messages("unresolved", 2);

        var list = (await Succeed(operations, "list", "--json")).GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal(2, list.Count);
        var (first, second) = (list[0].GetProperty("id").GetString()!, list[1].GetProperty("id").GetString()!);
        var shown = await Succeed(operations, "show", first, "--json");
        Assert.Contains("does not fit", shown.GetProperty("message").GetProperty("exception").ToString());
        Assert.Contains("Number", shown.GetProperty("body").GetString());
        Assert.Equal(
            RunningOperations.EndpointName,
            shown.GetProperty("headers").GetProperty("NServiceBus.FailedQ").GetString());

        await Succeed(operations, "archive", first, "--json");
        Assert.Single((await Succeed(operations, "list", "--status", "archived", "--json"))
            .GetProperty("messages").EnumerateArray());
        await Succeed(operations, "restore", first, "--json");
        await operations.Messages("unresolved", 2);

        operations.Warehouse.Broken.Clear();
        var body = Path.GetTempFileName();
        await File.WriteAllTextAsync(body, """{"Number":3}""", Cancellation);
        await Succeed(operations, "edit", first, "--body", body, "--json");
        var (exitCode, _, errors) = await Run(operations, "edit", first, "--body", body);
        Assert.Equal(1, exitCode);
        Assert.Contains("edited before", errors);
        File.Delete(body);
        await Succeed(operations, "retry", second, "--json");
        await operations.Messages("resolved", 2);
    }

    [Fact]
    public async Task Messages_are_found_by_their_words_and_a_conversation_is_shown_as_what_came_of_what()
    {
        await using var operations = await RunningOperations.Start(servers);
        await operations.Send(51, 52);
        await operations.Handled(2);

        var found = await Succeed(operations, "find", "parcel 52", "--json");
        Assert.Equal(1, found.GetProperty("total").GetInt64());
        var message = Assert.Single(found.GetProperty("messages").EnumerateArray());
        Assert.Equal("successful", message.GetProperty("status").GetString());
        var (_, table, _) = await Run(operations, "find", "--endpoint", RunningOperations.EndpointName, "--most", "1");
        Assert.Contains("1 of 2", table);
        var (_, tree, _) = await Run(operations, "conversation", message.GetProperty("conversationId").GetString()!);
        Assert.Contains($"PackParcel in {RunningOperations.EndpointName}: successful", tree);
        var (none, _, errors) = await Run(operations, "conversation", "nothing");
        Assert.Equal(2, none);
        Assert.Contains("cqrs messages find", errors);
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_with_the_way_out()
    {
        await using var operations = await RunningOperations.Start(servers);
        var (unknown, _, unknownErrors) = await Run(operations, "retry", Guid.NewGuid().ToString());
        Assert.Equal(2, unknown);
        Assert.Contains("cqrs messages list", unknownErrors);
        var (nothing, _, nothingErrors) = await Run(operations, "retry");
        Assert.Equal(2, nothing);
        Assert.Contains("--all", nothingErrors);
        var (away, _, awayErrors) = await Cqrs.Run("messages", "list", "--operations", "http://127.0.0.1:1");
        Assert.Equal(3, away);
        Assert.Contains("--operations URL", awayErrors);
    }

    private static async Task<JsonElement> Succeed(RunningOperations operations, params string[] arguments)
    {
        var (exitCode, output, errors) = await Run(operations, arguments);
        Assert.True(exitCode == 0, $"cqrs messages {string.Join(' ', arguments)}: {exitCode} {errors}");
        return JsonSerializer.Deserialize<JsonElement>(output);
    }

    private static Task<(int ExitCode, string Output, string Errors)> Run(
        RunningOperations operations, params string[] arguments) =>
        Cqrs.Run(["messages", .. arguments, "--operations", operations.Address.ToString()]);
}
