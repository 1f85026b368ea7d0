using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Operations.Tests.ServicePulse;

/// <summary>The calls that ServicePulse makes, in its order, and the fields that it reads.</summary>
internal sealed class ServicePulseCalls(Uri operations) : IServicePulse
{
    private const string Groups = "recoverability/groups/Exception%20Type%20and%20Stack%20Trace";
    private const int Tries = 600;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient api = new() { BaseAddress = new Uri(operations, "/api/") };
    private readonly HttpClient monitoring = new() { BaseAddress = new Uri(operations, "/monitoring/") };

    /// <summary>The message whose page is open.</summary>
    private JsonElement open;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task SeeGroup(string title, int count)
    {
        var group = await Group(title, one => one.GetProperty("count").GetInt32() == count);
        Has(
            group, "id", "type", "first", "last", "operation_status", "operation_progress",
            "need_user_acknowledgement");
    }

    public async Task<(string StackTrace, string Body)> Read(FailedMessageKey message)
    {
        await Get(api, "configuration");
        await Get(api, "edit/config");
        var failed = await Get(api, $"errors/last/{message.Id}");
        Has(
            failed, "id", "message_id", "message_type", "status", "time_of_failure", "last_modified", "queue_address",
            "number_of_processing_attempts", "exception", "receiving_endpoint", "sending_endpoint", "edited");
        var found = (await Get(api, $"messages/search/{message.MessageId}")).EnumerateArray()
            .Single(one => one.GetProperty("id").GetString() == message.Id);
        Has(found, "headers", "body_url", "processed_at", "conversation_id");
        Assert.Contains(
            found.GetProperty("headers").EnumerateArray(),
            header => header.GetProperty("key").GetString() == "NServiceBus.FailedQ");
        using var body = await api.GetAsync(found.GetProperty("body_url").GetString()!.TrimStart('/'), Cancellation);
        Assert.Equal("application/json", body.Content.Headers.ContentType?.MediaType);
        return (
            failed.GetProperty("exception").GetProperty("stack_trace").GetString()!,
            await body.Content.ReadAsStringAsync(Cancellation));
    }

    public Task Retry(FailedMessageKey message) => Accept(HttpMethod.Post, "errors/retry", new[] { message.Id });

    public async Task RetryGroup(string title)
    {
        var id = (await Group(title, _ => true)).GetProperty("id").GetString();
        await Accept(HttpMethod.Post, $"recoverability/groups/{id}/errors/retry");
        var done = await Group(title, one => one.GetProperty("operation_status").GetString() == "Completed");
        Has(done, "operation_start_time", "operation_completion_time", "operation_failed");
        Assert.True(done.GetProperty("need_user_acknowledgement").GetBoolean());
        using var acknowledged = await api.DeleteAsync($"recoverability/unacknowledgedgroups/{id}", Cancellation);
        Assert.True(acknowledged.IsSuccessStatusCode);
        await Until(Groups, groups => !groups.EnumerateArray().Any(one => IsCalled(one, title)));
    }

    public async Task EditAndRetry(FailedMessageKey message, string body)
    {
        Has(await Get(api, "edit/config"), "enabled", "locked_headers", "sensitive_headers");
        var found = (await Get(api, $"messages/search/{message.MessageId}")).EnumerateArray()
            .Single(one => one.GetProperty("id").GetString() == message.Id);
        var headers = found.GetProperty("headers").EnumerateArray().ToDictionary(
            header => header.GetProperty("key").GetString()!, header => header.GetProperty("value").GetString()!);
        await Accept(HttpMethod.Post, $"edit/{message.Id}", new { message_body = body, message_headers = headers });
    }

    public Task SeeProcessed(FailedMessageKey message) => Status(message, "resolved");

    public async Task Archive(FailedMessageKey message)
    {
        await Accept(HttpMethod.Patch, "errors/archive", new[] { message.Id });
        await Status(message, "archived");
    }

    public async Task Restore(FailedMessageKey message)
    {
        await Accept(HttpMethod.Patch, "errors/unarchive", new[] { message.Id });
        await Status(message, "unresolved");
    }

    public async Task Redirect(string from, string to)
    {
        await Get(api, "errors/queues/addresses");
        using var made = await api.PostAsJsonAsync(
            "redirects",
            new { fromphysicaladdress = from, tophysicaladdress = to, retryexisting = false },
            Cancellation);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var redirect = Assert.Single((await Get(api, "redirects")).EnumerateArray());
        Has(redirect, "message_redirect_id", "last_modified");
        Assert.Equal(from, redirect.GetProperty("from_physical_address").GetString());
        Assert.Equal(to, redirect.GetProperty("to_physical_address").GetString());
    }

    public async Task SeeHeartbeats(string endpoint, bool alive)
    {
        Assert.Contains(
            (await Get(api, "endpointssettings")).EnumerateArray(), one => one.GetProperty("name").GetString() == "");
        var endpoints = await Until("endpoints", all => all.EnumerateArray().Any(one =>
            one.GetProperty("name").GetString() == endpoint
            && one.GetProperty("heartbeat_information").GetProperty("reported_status").GetString()
                == (alive ? "beating" : "dead")));
        Has(
            endpoints[0], "id", "host_display_name", "monitor_heartbeat", "is_sending_heartbeats");
        Has(endpoints[0].GetProperty("heartbeat_information"), "last_report_at");
        Has(await Get(api, "heartbeats/stats"), "active", "failing");
    }

    public async Task SeeThroughput(string endpoint)
    {
        for (var tries = 0; ; tries++)
        {
            var all = await Get(monitoring, "monitored-endpoints?history=1");
            var found = all.EnumerateArray().FirstOrDefault(one => one.GetProperty("name").GetString() == endpoint);
            if (found.ValueKind == JsonValueKind.Object && Average(found, "throughput") > 0)
            {
                Has(found, "isStale", "endpointInstanceIds", "disconnectedCount", "connectedCount");
                var metrics = found.GetProperty("metrics");
                foreach (var metric in new[] { "queueLength", "retries", "processingTime", "criticalTime" })
                    Assert.Equal(60, metrics.GetProperty(metric).GetProperty("points").GetArrayLength());
                break;
            }

            Assert.True(tries < Tries, $"No throughput of {endpoint}: {all}");
            await Task.Delay(Pause, Cancellation);
        }

        var details = await Get(monitoring, $"monitored-endpoints/{endpoint}?history=1");
        Has(details, "digest", "instances", "messageTypes", "metricDetails");
        Has(details.GetProperty("instances")[0], "id", "name", "isStale", "metrics");
        Has(details.GetProperty("digest").GetProperty("metrics").GetProperty("throughput"), "latest", "average");
        var type = Assert.Single(details.GetProperty("messageTypes").EnumerateArray());
        Assert.Equal(typeof(PackParcel).FullName, type.GetProperty("typeName").GetString());
        var times = details.GetProperty("metricDetails").GetProperty("metrics").GetProperty("criticalTime");
        Assert.Equal(60, times.GetProperty("timeAxisValues").GetArrayLength());
        Assert.Equal(0, (await Get(monitoring, "monitored-endpoints/disconnected")).GetInt32());
    }

    public async Task SeeAllMessages(int count)
    {
        var remote = Assert.Single((await Get(api, "configuration/remotes")).EnumerateArray());
        Has(remote, "api_uri", "version");
        Assert.Equal("online", remote.GetProperty("status").GetString());
        Has(remote.GetProperty("configuration").GetProperty("data_retention"), "audit_retention_period");
        await Get(api, "endpoints");
        var messages = await Until(List(""), all => all.GetArrayLength() == count);
        Assert.All(messages.EnumerateArray(), message => Has(
            message, "id", "message_id", "message_type", "time_sent", "critical_time", "processing_time",
            "delivery_time", "status"));
        var newest = await Get(api, "messages2/?page_size=10&sort=time_sent&direction=desc");
        Assert.Contains(newest.EnumerateArray(), one => one.GetProperty("status").GetString() == "successful");
        using var response = await api.GetAsync(List(""), Cancellation);
        Assert.Equal($"{count}", response.Headers.GetValues("Total-Count").Single());
    }

    public async Task Find(string words, Type message)
    {
        var found = Assert.Single((await Get(api, List(Uri.EscapeDataString(words)))).EnumerateArray());
        Assert.Equal(message.FullName, found.GetProperty("message_type").GetString());
        var id = found.GetProperty("id").GetString();
        open = (await Get(api, $"messages/search/{found.GetProperty("message_id").GetString()}")).EnumerateArray()
            .Single(one => one.GetProperty("id").GetString() == id);
        Has(
            open, "message_id", "conversation_id", "body_url", "message_type", "sending_endpoint",
            "receiving_endpoint", "status", "processed_at", "headers");
        await Get(api, open.GetProperty("body_url").GetString()![1..]);
    }

    public async Task SeeFlow(Type cause, Type effect)
    {
        var messages = await Conversation();
        var (first, second) = (messages.Single(one => Is(one, cause)), messages.Single(one => Is(one, effect)));
        Has(second, "message_intent", "is_system_message");
        foreach (var side in new[] { "sending_endpoint", "receiving_endpoint" })
            Has(second.GetProperty(side), "name", "host", "host_id");
        Assert.Contains(
            second.GetProperty("headers").EnumerateArray(),
            header => header.GetProperty("key").GetString() == "NServiceBus.RelatedTo"
                && header.GetProperty("value").GetString() == first.GetProperty("message_id").GetString());
    }

    public async Task SeeSequence(string endpoint, params Type[] messages)
    {
        var all = await Conversation();
        Assert.All(messages, type => Assert.Equal(
            endpoint,
            all.First(one => Is(one, type)).GetProperty("receiving_endpoint").GetProperty("name").GetString()));
    }

    public async Task SeeSaga(Type saga, Type started, Type sent)
    {
        var invoked = open.GetProperty("invoked_sagas")[0];
        Assert.Equal(saga.FullName, invoked.GetProperty("saga_type").GetString());
        var id = invoked.GetProperty("saga_id").GetString();
        var changes = (await Get(api, $"sagas/{id}")).GetProperty("changes").EnumerateArray().ToArray();
        Assert.Contains(changes, change => change.GetProperty("status").GetString() == "completed");
        var first = changes.Single(change => change.GetProperty("status").GetString() == "new");
        Has(first, "start_time", "finish_time", "state_after_change", "endpoint");
        Assert.True(Is(first.GetProperty("initiating_message"), started));
        var message = first.GetProperty("outgoing_messages").EnumerateArray().Single(one => Is(one, sent));
        Has(message, "message_id", "time_sent", "intent", "destination");
        var found = (await Get(api, $"messages/search?q={id}")).EnumerateArray().Single(one =>
            one.GetProperty("message_id").GetString() == message.GetProperty("message_id").GetString());
        await Get(api, found.GetProperty("body_url").GetString()![1..]);
    }

    public async Task SeeEvent(string words)
    {
        var events = await Until("eventlogitems", all => all.EnumerateArray().Any(one =>
            one.GetProperty("description").GetString()!.Contains(words, StringComparison.Ordinal)));
        Has(events[0], "id", "severity", "raised_at", "related_to", "category", "event_type");
    }

    public async Task SeeConnections()
    {
        Has((await Get(api, "connection")).GetProperty("settings"), "Heartbeats", "CustomChecks", "ErrorQueue");
        Has((await Get(monitoring, "connection")).GetProperty("Metrics"), "Enabled", "MetricsQueue", "Interval");
        Has(await Get(monitoring, ""), "instanceType", "version");
    }

    public async Task SeeNothingRefused()
    {
        string[] others = ["", "license", "configuration/remotes", "licensing/settings/test", "customchecks"];
        foreach (var path in others)
            await Get(api, path);
    }

    public ValueTask DisposeAsync()
    {
        api.Dispose();
        monitoring.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string List(string words) =>
        $"messages2/?endpoint_name=&from=&to=&q={words}&page_size=100&sort=time_sent&direction=desc";

    private static bool Is(JsonElement message, Type type) =>
        message.GetProperty("message_type").GetString() == type.FullName;

    private async Task<JsonElement[]> Conversation() =>
    [
        .. (await Get(api, $"conversations/{open.GetProperty("conversation_id").GetString()}")).EnumerateArray(),
    ];

    private static double Average(JsonElement endpoint, string metric) =>
        endpoint.GetProperty("metrics").GetProperty(metric).GetProperty("average").GetDouble();

    private static void Has(JsonElement thing, params string[] fields) => Assert.All(
        fields, field => Assert.True(thing.TryGetProperty(field, out _), $"'{field}' is missing in {thing}"));

    private static bool IsCalled(JsonElement group, string title) =>
        group.GetProperty("title").GetString()!.Contains(title, StringComparison.Ordinal);

    private async Task<JsonElement> Group(string title, Predicate<JsonElement> wanted)
    {
        bool Is(JsonElement one) => IsCalled(one, title) && wanted(one);
        return (await Until(Groups, groups => groups.EnumerateArray().Any(Is))).EnumerateArray().First(Is);
    }

    private Task Status(FailedMessageKey message, string status) =>
        Until($"errors/last/{message.Id}", one => one.GetProperty("status").GetString() == status);

    private async Task<JsonElement> Until(string path, Predicate<JsonElement> wanted)
    {
        for (var tries = 0; ; tries++)
        {
            var answer = await Get(api, path);
            if (wanted(answer))
                return answer;
            Assert.True(tries < Tries, $"It never came at {path}; last: {answer}");
            await Task.Delay(Pause, Cancellation);
        }
    }

    private async Task Accept(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        using var response = await api.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    private static async Task<JsonElement> Get(HttpClient from, string path)
    {
        using var response = await from.GetAsync(path, Cancellation);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode}");
        Assert.Equal("6.6.0", response.Headers.GetValues("X-Particular-Version").Single());
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }
}
