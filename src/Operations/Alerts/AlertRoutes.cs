using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Operations.Alerts.Figures;
using Operations.Alerts.Projections;
using Operations.Alerts.Servers;
using Operations.Http;
using ServiceDefaults.Telemetry.Figures;

namespace Operations.Alerts;

/// <summary>Alerts and figures, for the console page and for <c>cqrs monitor</c>; and where services report.</summary>
internal static class AlertRoutes
{
    private const long LargestReport = 2 * 1024 * 1024;

    public static void AddAlerts(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<FigureStore>();
        services.AddSingleton<ServerProbes>();
        services.AddHostedService(provider => provider.GetRequiredService<ServerProbes>());
        services.AddSingleton<ProjectionWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<ProjectionWatch>());
        services.AddSingleton<AlertReports>();
        services.AddHostedService(provider => provider.GetRequiredService<AlertReports>());
        services.AddSingleton<AlertWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<AlertWatch>());
    }

    public static void MapAlerts(this IEndpointRouteBuilder app)
    {
        app.MapGet("/operations/alerts", (AlertWatch alerts) => ApiAnswer.Of(alerts.View()));
        app.MapGet(ServiceFigures.Route, (
            FigureStore figures, ProjectionWatch projections, ServerProbes servers, TimeProvider clock) =>
            ApiAnswer.Of(FiguresView.Of(clock.GetUtcNow(), figures, projections.Last, servers.States)));
        app.MapPost(ServiceFigures.Route, Take)
            .WithMetadata(new RequestSizeLimitAttribute(LargestReport))
            .DisableHttpMetrics();
    }

    private static IResult Take([FromBody] ServiceFigures report, FigureStore figures)
    {
        // Every instance reports all the time; those requests would drown the real ones.
        if (Activity.Current is { } activity)
            activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        return figures.Take(report)
            ? Results.NoContent()
            : Results.Problem("That is no report of a service's figures.", statusCode: 422);
    }
}
