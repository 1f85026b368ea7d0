using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Servers.Dashboard;

/// <summary>
/// Reads back what the Aspire dashboard at <paramref name="address"/> has received. It answers OTLP as JSON at
/// <c>/api/telemetry</c>, and in unsecured mode asks for no header. Telemetry arrives in batches, seconds late: wait
/// for it with <see cref="WaitForTrace"/>.
/// </summary>
public sealed class DashboardTelemetry(Uri address) : IDisposable
{
    private static readonly TimeSpan betweenLooks = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Every service instance that has sent something.</summary>
    public async Task<IReadOnlyList<TelemetryResource>> Resources(CancellationToken cancellationToken) =>
        await http.GetFromJsonAsync<List<TelemetryResource>>("api/telemetry/resources", cancellationToken) ?? [];

    /// <summary>The newest traces, at most <paramref name="limit"/> of them, in no order.</summary>
    public async Task<IReadOnlyList<RecordedTrace>> Traces(int limit, CancellationToken cancellationToken)
    {
        var spans = Spans(await Get($"api/telemetry/traces?limit={limit}", cancellationToken));
        return [.. spans.GroupBy(span => span.TraceId).Select(trace => new RecordedTrace(trace.Key, [.. trace]))];
    }

    /// <summary>The trace of this id (32 hexadecimal digits) as far as it has arrived, or null.</summary>
    public async Task<RecordedTrace?> Trace(string traceId, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync($"api/telemetry/traces/{traceId}", cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return new RecordedTrace(traceId, Spans(body));
    }

    /// <summary>Waits until so much of the trace has arrived that <paramref name="complete"/> says yes.</summary>
    /// <exception cref="TimeoutException">It did not in time; the message lists what has arrived.</exception>
    public async Task<RecordedTrace> WaitForTrace(
        string traceId, Func<RecordedTrace, bool> complete, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var until = DateTime.UtcNow + timeout;
        while (true)
        {
            var trace = await Trace(traceId, cancellationToken);
            if (trace is not null && complete(trace)) return trace;
            if (DateTime.UtcNow > until)
            {
                throw new TimeoutException(
                    $"After {timeout.TotalSeconds:0} s the dashboard has of trace {traceId}: " +
                    $"{trace?.ToString() ?? "nothing"}.");
            }

            await Task.Delay(betweenLooks, cancellationToken);
        }
    }

    /// <summary>The log records of one trace, from all services.</summary>
    public async Task<IReadOnlyList<RecordedLog>> Logs(string traceId, CancellationToken cancellationToken)
    {
        var body = await Get($"api/telemetry/logs?traceId={traceId}&limit=1000", cancellationToken);
        return
        [
            .. from resource in Items(body.GetProperty("data"), "resourceLogs")
               let service = ServiceName(resource)
               from scope in Items(resource, "scopeLogs")
               from log in Items(scope, "logRecords")
               select new RecordedLog(service, Text(log, "severityText"), BodyText(log)),
        ];
    }

    /// <summary>Closes the connections to the dashboard.</summary>
    public void Dispose() => http.Dispose();

    private async Task<JsonElement> Get(string path, CancellationToken cancellationToken) =>
        await http.GetFromJsonAsync<JsonElement>(path, cancellationToken);

    private static IReadOnlyList<RecordedSpan> Spans(JsonElement body) =>
    [
        .. from resource in Items(body.GetProperty("data"), "resourceSpans")
           let service = ServiceName(resource)
           from scope in Items(resource, "scopeSpans")
           from span in Items(scope, "spans")
           select new RecordedSpan(
               service,
               Text(span, "traceId"),
               Text(span, "spanId"),
               Text(span, "parentSpanId"),
               Text(span, "name"),
               (SpanRole)(span.TryGetProperty("kind", out var kind) ? kind.GetInt32() : 0)),
    ];

    private static string ServiceName(JsonElement resource) =>
        Items(resource.GetProperty("resource"), "attributes")
            .Where(attribute => Text(attribute, "key") == "service.name")
            .Select(attribute => Text(attribute.GetProperty("value"), "stringValue"))
            .FirstOrDefault("");

    private static string BodyText(JsonElement log) =>
        log.TryGetProperty("body", out var body) ? Text(body, "stringValue") : "";

    private static IEnumerable<JsonElement> Items(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array
            ? items.EnumerateArray()
            : [];

    private static string Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var text) ? text.GetString() ?? "" : "";
}
