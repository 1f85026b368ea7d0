using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ServiceDefaults.Health;

internal static class HealthEndpoints
{
    private const string Ready = "/health";
    private const string Live = "/alive";

    public static void MapHealthEndpoints(this WebApplication app)
    {
        app.Use(KeepProbesOutOfTraces);
        app.MapHealthChecks(Ready, new HealthCheckOptions { ResponseWriter = WriteReport })
            .DisableHttpMetrics().ExcludeFromDescription();
        app.MapHealthChecks(Live, new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteReport })
            .DisableHttpMetrics().ExcludeFromDescription();
    }

    /// <summary>An orchestrator probes every few seconds; those requests would drown the real ones.</summary>
    private static Task KeepProbesOutOfTraces(HttpContext context, RequestDelegate next)
    {
        if (Activity.Current is { } activity
            && (context.Request.Path.StartsWithSegments(Ready) || context.Request.Path.StartsWithSegments(Live)))
        {
            activity.IsAllDataRequested = false;
            activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }

        return next(context);
    }

    private static Task WriteReport(HttpContext context, HealthReport report) =>
        context.Response.WriteAsJsonAsync(
            new HealthAnswer(
                report.Status.ToString(),
                report.Entries.ToDictionary(
                    entry => entry.Key, entry => new CheckAnswer(entry.Value.Status.ToString(), entry.Value.Description))),
            context.RequestAborted);

    private sealed record HealthAnswer(string Status, IReadOnlyDictionary<string, CheckAnswer> Checks);

    private sealed record CheckAnswer(string Status, string? Description);
}
