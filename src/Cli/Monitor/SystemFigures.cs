using System.Net.Http.Json;
using System.Text.Json;

namespace Cli.Monitor;

/// <summary>What Operations knows of the last seconds; its documentation says what each is.</summary>
internal sealed record SystemFigures(
    DateTimeOffset At, double WindowSeconds, CommandFigures Commands, AppendFigures Appends, QueryFigures Queries,
    IReadOnlyList<ProjectionFigures> Projections, string? ProjectionsError, ErrorFigures Errors,
    IReadOnlyList<ServerFigures> Servers, IReadOnlyList<InstanceFigures> Instances);

internal sealed record Times(long Count, double? P50, double? P95, double? P99);

internal sealed record CommandFigures(
    double PerSecond, double AcceptedPerSecond, double RejectedPerSecond, double? RejectedShare, Times ProcessingTimeMs);

internal sealed record AppendFigures(double PerSecond, Times TimeMs);

internal sealed record QueryFigures(
    double PerSecond, Times ResponseTimeMs, long CacheHits, long CacheMisses, double? CacheHitRate);

internal sealed record ProjectionFigures(
    string Name, string? Store, string State, long Position, long Head, long LagEvents, double? LagSeconds,
    double EventsPerSecond, long FailuresPerMinute, int ParkedStreams, double? Progress, int Instances, string? Error);

internal sealed record ErrorFigures(
    long EventProcessingFailuresPerMinute, long ConsistencyChecksPerMinute, long ConsistencyCheckFailuresPerMinute);

internal sealed record ServerFigures(string Name, bool Up, double? ResponseMs, double SilentSeconds, string? Error);

internal sealed record InstanceFigures(string Service, string Instance, double SilentSeconds);

/// <summary>An alert of Operations.</summary>
internal sealed record AlertFigures(
    string Id, string Title, string Category, string State, double? Value, double Limit, string Unit,
    string Comparison, DateTimeOffset Since, string? Detail)
{
    public bool IsRaised => State == "raised";
}

internal sealed record AlertList(DateTimeOffset EvaluatedAt, IReadOnlyList<AlertFigures> Alerts);

/// <summary>One look at the system.</summary>
/// <param name="FailedMessages">Messages in the error queue's store that nobody has dealt with.</param>
internal sealed record Look(SystemFigures Figures, IReadOnlyList<AlertFigures> Alerts, long FailedMessages)
{
    private static readonly JsonSerializerOptions Format =
        new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <exception cref="HttpRequestException">Operations does not answer, or has no such thing.</exception>
    public static async Task<Look> Take(HttpClient operations, CancellationToken cancellationToken)
    {
        var figures = await operations.GetFromJsonAsync<SystemFigures>("/operations/figures", Format, cancellationToken);
        var alerts = await operations.GetFromJsonAsync<AlertList>("/operations/alerts", Format, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Head, "errors?status=unresolved");
        using var errors = await operations.SendAsync(request, cancellationToken);
        errors.EnsureSuccessStatusCode();
        var failed = errors.Headers.TryGetValues("Total-Count", out var count) && long.TryParse(count.First(), out var number)
            ? number
            : 0;
        return new Look(figures!, alerts!.Alerts, failed);
    }
}
