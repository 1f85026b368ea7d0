using System.Globalization;
using System.Text.Json;
using Servers;

namespace Operations.Tests.Auditing;

/// <summary>Messages that were handled, asked for as ServicePulse asks.</summary>
public sealed class AuditTests(TestServers servers)
{
    private const string All = "messages2/?endpoint_name=&from=&to=&q=&page_size=100&sort=time_sent&direction=desc";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handled_messages_are_listed_sorted_filtered_searched_and_read()
    {
        await using var operations = await RunningOperations.Start(servers);
        await operations.Send(41, 42, 43);
        var messages = await operations.Handled(3);

        var message = messages[0];
        Assert.Equal(typeof(PackParcel).FullName, message.GetProperty("message_type").GetString());
        Assert.Equal("successful", message.GetProperty("status").GetString());
        Assert.Equal("send", message.GetProperty("message_intent").GetString());
        Assert.False(message.GetProperty("is_system_message").GetBoolean());
        foreach (var side in new[] { "sending_endpoint", "receiving_endpoint" })
        {
            Assert.Equal(RunningOperations.EndpointName, message.GetProperty(side).GetProperty("name").GetString());
            Assert.NotEqual("", message.GetProperty(side).GetProperty("host").GetString());
            Assert.NotEqual(Guid.Empty, message.GetProperty(side).GetProperty("host_id").GetGuid());
        }

        Assert.True(Time(message, "critical_time") >= Time(message, "processing_time"));
        Assert.True(Time(message, "processing_time") > TimeSpan.Zero);
        Assert.True(Time(message, "delivery_time") >= TimeSpan.Zero);
        Assert.True(message.GetProperty("processed_at").GetDateTime() >= message.GetProperty("time_sent").GetDateTime());
        Assert.Contains(
            message.GetProperty("headers").EnumerateArray(),
            header => header.GetProperty("key").GetString() == "NServiceBus.ProcessingEnded"
                && header.GetProperty("value").GetString() != "");

        var id = message.GetProperty("id").GetString();
        var messageId = message.GetProperty("message_id").GetString();
        Assert.Equal(id, Assert.Single(await Ids(operations, $"messages/search/{messageId}")));
        var body = await operations.Get(message.GetProperty("body_url").GetString()![1..]);
        Assert.Equal(43, body.GetProperty("Number").GetInt32());
        Assert.Equal(message.GetProperty("body_size").GetInt32(), body.GetRawText().Length);
        Assert.Equal(43, (await operations.Get($"messages/{messageId}/body")).GetProperty("Number").GetInt32());
        Assert.Equal(
            [id], await Ids(operations, $"conversations/{message.GetProperty("conversation_id").GetString()}"));

        // Words: of the type, of the values in the body, of ids; beginnings of words; all of them.
        Assert.Equal([id], await Ids(operations, "messages/search?q=packparcel%2043"));
        Assert.Equal([id], await Ids(operations, $"messages2/?q=43&sort=time_sent&endpoint_name=&page_size=100"));
        Assert.Equal(3, (await Ids(operations, "messages/search?q=parc")).Count);
        Assert.Empty(await Ids(operations, "messages/search?q=parcel%2044"));
        Assert.Empty(await Ids(operations, "messages/search?q=%27%26%21%3A*"));
        Assert.Equal([id], await Ids(operations, $"messages/search?q={messageId!.Replace("-", "")}"));

        var name = RunningOperations.EndpointName;
        Assert.Equal(3, (await Ids(operations, $"endpoints/{name}/messages")).Count);
        Assert.Equal(3, (await Ids(operations, $"messages2/?endpoint_name={name}&page_size=100")).Count);
        Assert.Empty(await Ids(operations, "messages2/?endpoint_name=Nobody&page_size=100"));
        Assert.Equal([id], await Ids(operations, $"endpoints/{name}/messages/search?q=43"));
        Assert.Empty(await Ids(operations, "endpoints/Nobody/messages/search/43"));
        var sent = messages[1].GetProperty("time_sent").GetDateTime().ToString("O", CultureInfo.InvariantCulture);
        Assert.Equal(
            messages[..2].Select(one => one.GetProperty("id").GetString()),
            await Ids(operations, $"messages2/?from={sent}&to=&q=&page_size=100"));
        Assert.Equal(2, (await Ids(operations, $"messages2/?from=&to={sent}&q=&page_size=100")).Count);
        foreach (var sort in new[] { "processing_time", "critical_time", "delivery_time" })
        {
            var sorted = await operations.Get($"messages2/?page_size=100&sort={sort}&direction=asc");
            var times = sorted.EnumerateArray().Select(one => Time(one, sort)).ToList();
            Assert.Equal(times.Order(), times);
            Assert.Equal(3, times.Count);
        }

        using var page = await operations.Client.GetAsync("messages?page=2&per_page=2", Cancellation);
        Assert.Equal("3", page.Headers.GetValues("Total-Count").Single());
        Assert.Contains(page.Headers.GetValues("Link"), link => link.Contains("rel=\"first\"", StringComparison.Ordinal));
        Assert.NotNull(page.Headers.ETag);
        Assert.Equal(1, JsonDocument.Parse(await page.Content.ReadAsStringAsync(Cancellation)).RootElement
            .GetArrayLength());
        var day = Assert.Single((await operations.Get($"endpoints/{name}/audit-count")).EnumerateArray());
        Assert.Equal(3, day.GetProperty("count").GetInt64());
        Assert.True(day.TryGetProperty("utc_date", out _));
    }

    [Fact]
    public async Task A_message_that_failed_and_was_handled_after_a_retry_is_one_message()
    {
        await using var operations = await RunningOperations.Start(servers);
        operations.Warehouse.Broken[7] = true;
        await operations.Send(7, 8);
        var failed = Assert.Single(await operations.Messages("unresolved", 1)).GetProperty("id").GetString();
        var messages = await operations.Handled(2);
        Assert.Equal("failed", Status(messages, failed));

        operations.Warehouse.Broken.Clear();
        await operations.Accept(HttpMethod.Post, $"errors/{failed}/retry");
        await operations.Messages("resolved", 1);
        await Until(operations, async () =>
            await operations.Count("select count(*) from operations.audited_messages where is_retried") == 1);
        messages = await operations.Handled(2);
        Assert.Equal("resolvedSuccessfully", Status(messages, failed));
        Assert.Single(await Ids(operations, "messages2/?q=7&page_size=100"));
    }

    [Fact]
    public async Task What_is_delivered_twice_is_kept_once_and_any_bytes_are_kept()
    {
        await using var operations = await RunningOperations.Start(
            servers, "--Operations:MaxBodySizeToStore=1000", "--Operations:AuditPrefetch=3");
        await using var audit = await AuditCopies.Open(operations.Broker, Cancellation);
        var copy = AuditCopies.Headers("Tests.Billing", "PayBill", DateTime.UtcNow);
        var large = AuditCopies.Headers("Tests.Billing", "PrintBill", DateTime.UtcNow);
        for (var delivery = 0; delivery < 2; delivery++)
        {
            await audit.Send(copy, """{"Bill":"INV-17"}"""u8.ToArray());
            await audit.Send([], [0, 159, 146, 150]);
            await audit.Send(new() { ["NServiceBus.MessageId"] = "a\0b" }, []);
            await audit.Send(large, new byte[1001]);
        }

        await Until(operations, async () => (await operations.Get(All)).GetArrayLength() == 4);
        await operations.Restart();
        await audit.Send(copy, """{"Bill":"INV-17"}"""u8.ToArray());
        await Until(operations, async () => await audit.IsEmpty(Cancellation));
        var messages = (await operations.Get(All)).EnumerateArray().ToArray();
        Assert.Equal(4, messages.Length);
        Assert.Equal(
            4, await operations.Count("select sum(count)::bigint from operations.audit_counts where not is_system"));

        var tooLarge = messages.Single(one => one.TryGetProperty("message_type", out var type)
            && type.GetString() == "PrintBill");
        Assert.Equal(1001, tooLarge.GetProperty("body_size").GetInt32());
        using var body = await operations.Client.GetAsync(tooLarge.GetProperty("body_url").GetString()![1..], Cancellation);
        Assert.Equal(System.Net.HttpStatusCode.NoContent, body.StatusCode);
        Assert.Single(await Ids(operations, "messages/search?q=INV-17"));
    }

    [Fact]
    public async Task Old_messages_are_deleted_and_old_days_dropped()
    {
        await using var operations = await RunningOperations.Start(
            servers, "--Operations:RetentionInterval=0:00:00.3", "--Operations:AuditRetention=2.00:00:00");
        await using var audit = await AuditCopies.Open(operations.Broker, Cancellation);
        await audit.Send(AuditCopies.Headers("Tests.Billing", "PayBill", DateTime.UtcNow), []);
        await Until(operations, async () => (await operations.Get(All)).GetArrayLength() == 1);
        var old = DateTime.UtcNow.Date.AddDays(-3).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        await audit.Send(AuditCopies.Headers("Tests.Billing", "PayBill", DateTime.UtcNow.AddDays(-40)), []);
        await operations.Execute(
            $"create table operations.audited_{old} partition of operations.audited_messages for values in ('{old}')");

        await Until(operations, async () => await operations.Count(
            $"select count(*) from pg_tables where tablename in ('audited_{old}')") == 0);
        await Until(operations, async () => await audit.IsEmpty(Cancellation)
            && await operations.Count("select count(*) from operations.audited_otherwise where not is_system") == 0
            && await operations.Count(
                "select sum(count)::bigint from operations.audit_counts where not is_system") == 1);
        Assert.Single((await operations.Get(All)).EnumerateArray());
    }

    [Fact]
    public async Task A_saga_s_history_and_the_messages_it_has_to_do_with_are_told()
    {
        await using var operations = await RunningOperations.Start(servers);
        var shipment = Guid.NewGuid();
        await operations.Send(new ShipParcel(shipment, 61));
        await operations.Handled(2);
        await operations.Send(new ShipmentArrived(shipment));
        var messages = await operations.Handled(3);

        var arrived = messages.Single(one => Type(one) == typeof(ShipmentArrived).FullName);
        var saga = Assert.Single(arrived.GetProperty("invoked_sagas").EnumerateArray());
        Assert.Equal(typeof(ShipmentSaga).FullName, saga.GetProperty("saga_type").GetString());
        Assert.Equal("Completed", saga.GetProperty("change_status").GetString());
        var id = saga.GetProperty("saga_id").GetGuid();
        var packed = messages.Single(one => Type(one) == typeof(PackParcel).FullName);
        Assert.Equal(id, packed.GetProperty("originates_from_saga").GetProperty("saga_id").GetGuid());
        Assert.False(packed.TryGetProperty("invoked_sagas", out _));
        // The saga's messages are found by its id: the diagram takes their bodies from there.
        Assert.Equal(3, (await Ids(operations, $"messages/search?q={id}")).Count);

        JsonElement history = default;
        await Until(operations, async () =>
            (history = await operations.Get($"sagas/{id}")).GetProperty("changes").GetArrayLength() == 2);
        Assert.Equal(id, history.GetProperty("id").GetGuid());
        Assert.Equal(id, history.GetProperty("saga_id").GetGuid());
        Assert.Equal(typeof(ShipmentSaga).FullName, history.GetProperty("saga_type").GetString());
        var (last, first) = (history.GetProperty("changes")[0], history.GetProperty("changes")[1]);
        Assert.Equal("completed", last.GetProperty("status").GetString());
        Assert.Equal("new", first.GetProperty("status").GetString());
        Assert.Equal(RunningOperations.EndpointName, first.GetProperty("endpoint").GetString());
        Assert.True(
            first.GetProperty("start_time").GetDateTime() <= first.GetProperty("finish_time").GetDateTime());
        Assert.Contains("packing", first.GetProperty("state_after_change").GetString());
        var shipping = first.GetProperty("initiating_message");
        Assert.Equal(typeof(ShipParcel).FullName, Type(shipping));
        Assert.Equal("Send", shipping.GetProperty("intent").GetString());
        Assert.False(shipping.GetProperty("is_saga_timeout_message").GetBoolean());
        Assert.All(
            ["message_id", "originating_endpoint", "originating_machine", "time_sent"],
            field => Assert.True(shipping.TryGetProperty(field, out _), $"'{field}' is missing in {shipping}"));
        var outgoing = first.GetProperty("outgoing_messages").EnumerateArray().ToArray();
        Assert.Equal([typeof(PackParcel).FullName, typeof(ShipmentIsLate).FullName], outgoing.Select(Type));
        Assert.Equal("00:15:00", outgoing[1].GetProperty("delivery_delay").GetString());
        Assert.Equal(RunningOperations.EndpointName, outgoing[0].GetProperty("destination").GetString());
        Assert.Equal(packed.GetProperty("message_id").GetString(), outgoing[0].GetProperty("message_id").GetString());
        Assert.Empty(last.GetProperty("outgoing_messages").EnumerateArray());

        using var unknown = await operations.Client.GetAsync($"sagas/{Guid.NewGuid()}", Cancellation);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private static string? Type(JsonElement message) => message.GetProperty("message_type").GetString();

    private static TimeSpan Time(JsonElement message, string name) =>
        TimeSpan.Parse(message.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    private static string? Status(IEnumerable<JsonElement> messages, string? id) =>
        messages.Single(one => one.GetProperty("id").GetString() == id).GetProperty("status").GetString();

    private static async Task<List<string?>> Ids(RunningOperations operations, string path) =>
        [.. (await operations.Get(path)).EnumerateArray().Select(one => one.GetProperty("id").GetString())];

    private static async Task Until(RunningOperations operations, Func<Task<bool>> wanted)
    {
        for (var tries = 0; !await wanted(); tries++)
        {
            Assert.True(tries < 600, $"It never came about; now: {await operations.Get(All)}");
            await Task.Delay(100, Cancellation);
        }
    }
}
